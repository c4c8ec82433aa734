import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { StandInCluster } from '../helpers/kubectl-stand-in.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { root } from '../helpers/root.ts';

const standIn = join(root, 'dist', 'test', 'helpers', 'kubectl-stand-in.js');

/** A folder with a kubectl in it, and what makes it found. */
function kubectl(t: Test, cluster: StandInCluster, logs: Record<string, string>) {
  const files = { kubectl: `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`, ...logs };
  const cwd = t.testdir({ ...files, 'cluster.json': JSON.stringify(cluster) });
  chmodSync(join(cwd, 'kubectl'), 0o755);
  return { cwd, env: { PATH: `${cwd}${delimiter}${process.env.PATH}`, STAND_IN_FOLDER: cwd } };
}

const line = (k: number): string => {
  const time = `2026-01-01T00:00:${String(k).padStart(2, '0')}`;
  const record = { timestamp: `${time}Z`, level: 'INFO', fields: { message: `m${k}` }, target: 't' };
  return `${time}.000000001Z ${JSON.stringify(record)}\n`;
};
const from = (first: number, end: number): string =>
  Array.from({ length: end - first }, (_, k) => line(first + k)).join('');

t.test('follows the pods of a deployment until a signal, each record once', async (t) => {
  const pod = (name: string, uid: string) => ({ name, uid, containers: [{ name: 'main', restarts: 0 }] });
  const cluster = { calm: true, pods: [pod('a', 'u1'), pod('b', 'u2')] };
  const options = kubectl(t, cluster, { 'a.u1.main.0.log': from(0, 5), 'b.u2.main.0.log': from(5, 9) });
  const args = ['follow', 'operator', '-n', 'mirrord', '-o', 'logs', '--ledger', 'ledger.json'];
  const child = start(args, options);
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  const ended = once(child, 'exit');
  const messages = (): string[] => [...out.matchAll(/"message":"(m\d+)"/g)].map((match) => match[1]!);
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; messages().length < count && tries < 1500; tries++) await delay(20);
  };
  await until(9);
  // the deployment is rolled out: what the old pod wrote last is read, and the new one from its beginning
  writeFileSync(join(options.cwd, 'a.u1.main.0.log'), from(9, 12), { flag: 'a' });
  writeFileSync(join(options.cwd, 'c.u3.main.0.log'), from(12, 15));
  await until(12);
  writeFileSync(
    join(options.cwd, 'cluster.json'),
    JSON.stringify({ ...cluster, pods: [pod('b', 'u2'), pod('c', 'u3')] }),
  );
  await until(15);
  child.kill('SIGTERM');
  t.equal((await ended)[0], 143);
  t.same(messages().sort(), Array.from({ length: 15 }, (_, k) => `m${k}`).sort());
  const { read, rejected } = JSON.parse(readFileSync(join(options.cwd, 'ledger.json'), 'utf8'));
  t.same([read.records, rejected.total], [15, 0]);
});

t.test('follows what knows logs alone, and a pod to its end', async (t) => {
  const plain = kubectl(t, { calm: true, pods: [], logsOnly: 'some.log' }, { 'some.log': from(0, 5) });
  const child = start(['follow', 'deploy/other', '-o', 'logs'], plain);
  const [bytes] = await once(child.stdout!, 'data');
  t.match(String(bytes), /"message":"m0"/);
  child.kill('SIGTERM');
  t.equal((await once(child, 'exit'))[0], 143);

  const ended = { name: 'a', uid: 'u1', containers: [{ name: 'main', restarts: 0, ended: true }] };
  const whole = kubectl(t, { calm: true, pods: [ended] }, { 'a.u1.main.0.log': from(0, 5).trimEnd() });
  const { status, stdout } = await mirrormon(['follow', 'pod/a', '-o', 'logs'], whole);
  t.same([status, stdout.trimEnd().split('\n').length], [0, 4]);
});

t.test('what there is not ends it, in the words of kubectl', async (t) => {
  const options = kubectl(t, { pods: [], calm: true }, {});
  const { status, stderr } = await mirrormon(['follow', 'deploy/nothing'], options);
  t.equal(status, 1);
  t.match(stderr, /deploy\/nothing: kubectl says: Error from server \(NotFound\): deploy\/nothing not found/);
  const usage = await mirrormon(['follow'], options);
  t.equal(usage.status, 2);
});
