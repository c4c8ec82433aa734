import { appendFileSync, chmodSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { followWorkload, type WorkloadOptions } from '../../lib/follow/kubectl/workload.ts';
import type { StandInCluster, StandInPod } from '../helpers/kubectl-stand-in.ts';
import { root } from '../helpers/root.ts';

const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const times = { poll: 400, silence: 1000, backOff: 20, greatestBackOff: 200 };
const standIn = join(root, 'dist', 'test', 'helpers', 'kubectl-stand-in.js');

/** A cluster of the stand-in's, and who follows a workload of it. */
function following(t: Test, seed: number, first: StandInCluster, asked: Partial<WorkloadOptions> = {}) {
  const folder = t.testdir({ kubectl: `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n` });
  chmodSync(join(folder, 'kubectl'), 0o755);
  const env = {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    STAND_IN_FOLDER: folder,
    STAND_IN_SEED: String(seed),
  };
  let cluster = first;
  const change = (to: Partial<StandInCluster>): void => {
    cluster = { ...cluster, ...to };
    // as a whole, since it may be read at any time
    writeFileSync(join(folder, 'new.json'), JSON.stringify(cluster));
    renameSync(join(folder, 'new.json'), join(folder, 'cluster.json'));
  };
  change({});
  let next = 0;
  const write = (file: string, count: number): void => {
    let text = '';
    for (let k = 0; k < count; k++) {
      // what a new connection repeats is told by times: they are far enough apart for it not to be all
      const now = new Date(BEGIN + 100 * next).toISOString().slice(0, -1);
      text += `${now}${String(next % 1_000_000).padStart(6, '0')}Z line ${next++}\n`;
    }
    appendFileSync(join(folder, file), text);
  };
  const stop = new AbortController();
  const got = new Map<number, number>();
  const inputs = new Set<string>();
  const notices: string[] = [];
  let failure: unknown;
  const done = (async () => {
    const options = {
      workload: 'deploy/operator',
      kubectl: { env, options: [] },
      containers: [],
      times,
      signal: stop.signal,
      onNotice: (text: string) => notices.push(text),
      ...asked,
    };
    for await (const { input, bytes } of followWorkload(options)) {
      inputs.add(input.name);
      for (const [, number] of Buffer.from(bytes)
        .toString()
        .matchAll(/line (\d+)\n/g)) {
        got.set(Number(number), (got.get(Number(number)) ?? 0) + 1);
      }
    }
  })().catch((error) => {
    failure = error;
  });
  /** Waits until all that was written has come, at most two minutes. */
  const until = async (count: number): Promise<void> => {
    for (const end = Date.now() + 120_000; got.size < count && Date.now() < end; ) await delay(20);
  };
  const all = (): Promise<void> => until(next);
  const end = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  const missing = (from = 0): number[] =>
    Array.from({ length: next - from }, (_, k) => k + from).filter((k) => !got.has(k));
  const doubled = (): number[] => [...got].filter(([, times]) => times > 1).map(([number]) => number);
  return {
    write,
    change,
    all,
    until,
    end,
    done,
    got,
    missing,
    doubled,
    notices,
    inputs,
    failure: () => failure,
  };
}

const pod = (name: string, uid: string, restarts = 0, ended = false): StandInPod => ({
  name,
  uid,
  containers: [{ name: 'main', restarts, ended }],
});

for (const seed of (process.env.MIRRORMON_SEEDS ?? '1').split(',').map(Number)) {
  t.test(
    `connections that end, break, are silent, repeat and reorder; pods that are replaced (${seed})`,
    async (t) => {
      const one = following(t, seed, { pods: [pod('a', 'u1'), pod('b', 'u2')] });
      for (let k = 0; k < 40; k++) {
        one.write('a.u1.main.0.log', 8);
        one.write('b.u2.main.0.log', 4);
        await delay(10);
      }
      await one.all();
      t.same([one.missing(), one.doubled()], [[], []], 'before pods are replaced');
      // a third comes, and is older than the first knows of
      one.write('c.u3.main.0.log', 30);
      one.change({ pods: [pod('a', 'u1'), pod('b', 'u2'), pod('c', 'u3')], calm: true });
      await one.all();
      // one starts again, one is replaced by another of its name; what they wrote last is still to be had
      one.write('a.u1.main.0.log', 40);
      one.write('a.u1.main.1.log', 40);
      one.change({ pods: [pod('a', 'u1', 1), pod('b', 'u2'), pod('c', 'u3')] });
      await one.all();
      one.write('c.u4.main.0.log', 30);
      one.change({ pods: [pod('a', 'u1', 1), pod('c', 'u4')] });
      await one.all();
      await one.end();
      t.same([one.missing(), one.doubled()], [[], []]);
      t.same([...one.inputs].sort(), ['pod/a/main', 'pod/b/main', 'pod/c/main']);
      t.equal(one.failure(), undefined);
      t.comment(one.notices.join('\n'));
    },
  );
}

t.test('a pod that ends is the end, also of its last line', async (t) => {
  const one = following(t, 3, { pods: [pod('a', 'u1')], calm: true }, { workload: 'pod/a' });
  one.write('a.u1.main.0.log', 50);
  await one.all();
  one.write('a.u1.main.0.log', 50);
  one.change({ pods: [pod('a', 'u1', 0, true)] });
  await one.done;
  t.same([one.missing(), one.doubled(), one.failure()], [[], [], undefined]);
});

t.test(
  'a job that has come to its end is the end, also of its last line; one that goes on is not',
  async (t) => {
    const one = following(t, 3, { pods: [pod('a', 'u1')], calm: true }, { workload: 'job/operator' });
    one.write('a.u1.main.0.log', 50);
    await one.all();
    // it failed, and another one is tried
    one.change({ pods: [pod('a', 'u1', 0, true)] });
    await delay(3 * times.poll);
    one.write('b.u2.main.0.log', 50);
    one.change({ pods: [pod('a', 'u1', 0, true), pod('b', 'u2')] });
    await one.all();
    one.write('b.u2.main.0.log', 50);
    one.change({ pods: [pod('a', 'u1', 0, true), pod('b', 'u2', 0, true)], jobIsOver: true });
    await one.done;
    t.same([one.missing(), one.doubled(), one.failure()], [[], [], undefined]);
  },
);

t.test('--tail counts for what is there, and --since for what kubectl is asked', async (t) => {
  const one = following(t, 4, { pods: [pod('a', 'u1')], calm: true }, { tail: 7 });
  one.write('a.u1.main.0.log', 50);
  await one.until(7);
  one.write('a.u1.main.0.log', 30);
  await one.until(37);
  // a pod that comes later is new altogether
  one.write('b.u2.main.0.log', 20);
  one.change({ pods: [pod('a', 'u1'), pod('b', 'u2')] });
  await one.until(57);
  await one.end();
  t.same([one.missing(43), one.doubled(), one.got.size], [[], [], 57]);
});

t.test('what there is not is said in the words of kubectl', async (t) => {
  const none = following(t, 5, { pods: [], calm: true }, { workload: 'deploy/nothing' });
  await none.done;
  t.match(none.failure(), {
    code: 'INPUT_UNREADABLE',
    message: 'kubectl says: Error from server (NotFound): deploy/nothing not found',
    where: 'deploy/nothing',
  });
  const bare = following(t, 5, { pods: [pod('a', 'u1')], calm: true }, { workload: 'a' });
  bare.write('a.u1.main.0.log', 5);
  await bare.all();
  await bare.end();
  t.equal(bare.got.size, 5, 'a name alone can be a pod');
  const missing = following(t, 5, { pods: [] }, { kubectl: { env: { PATH: '/nowhere' }, options: [] } });
  await missing.done;
  t.match(missing.failure(), { message: 'kubectl cannot be run: it is not on the PATH' });
});

t.test('waits for pods and containers that are not there yet, and says so', async (t) => {
  const one = following(t, 6, { pods: [], calm: true }, { containers: ['side'] });
  const until = async (text: string): Promise<void> => {
    for (let tries = 0; !one.notices.includes(text) && tries < 3000; tries++) await delay(20);
    t.ok(one.notices.includes(text), text);
  };
  await until('deploy/operator: it has no pods yet; they are waited for');
  one.change({ pods: [pod('a', 'u1')] });
  await until('deploy/operator: its pods have no container side; it is waited for');
  one.write('b.u2.side.0.log', 10);
  one.change({
    pods: [
      {
        name: 'b',
        uid: 'u2',
        containers: [
          { name: 'main', restarts: 0 },
          { name: 'side', restarts: 0 },
        ],
      },
    ],
  });
  await one.all();
  await one.end();
  t.same([one.missing(), one.doubled(), [...one.inputs]], [[], [], ['pod/b/side']]);
});

t.test('each time that pods cannot be listed is told, and its end', async (t) => {
  const one = following(t, 1, { pods: [pod('a', 'u1')], calm: true });
  one.write('a.u1.main.0.log', 1);
  await one.all();
  const told = async (count: number): Promise<void> => {
    while (one.notices.length < count) await delay(20);
    // two more looks, which tell nothing new
    await delay(2.5 * times.poll);
  };
  for (const time of [1, 2]) {
    one.change({ isAway: true });
    await told(2 * time - 1);
    one.change({ isAway: false });
    await told(2 * time);
  }
  await one.end();
  const outage = [
    'deploy/operator: kubectl does not list its pods: The connection to the server was refused; it is asked again',
    'deploy/operator: kubectl lists its pods again',
  ];
  t.same(one.notices, [...outage, ...outage]);
});
