/** mirrormon follow against the API server of Kubernetes, with the real kubectl; each is killed ten times. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { countedOf } from '../../lib/state/ledger-section.ts';
import { readState } from '../../lib/state/state-file.ts';
import { program } from '../helpers/program.ts';
import { root } from '../helpers/root.ts';
import { need } from './components.ts';

t.setTimeout(600_000);
const folder = await need('cluster');
const work = mkdtempSync(join(tmpdir(), 'mirrormon-follow-'));
const log = join(work, 'operator.log');
const scripts = join(root, 'test', 'interop', 'cluster');
let written = 0;

/** As a kubelet keeps them. */
function write(count: number): void {
  let text = '';
  for (let k = 0; k < count; k++, written++) {
    const record = {
      timestamp: new Date().toISOString(),
      level: 'INFO',
      fields: { message: `m${written}` },
      target: 't',
    };
    const time = `${new Date().toISOString().slice(0, -1)}${String(written % 1_000_000).padStart(6, '0')}Z`;
    text += `${time} stdout F ${JSON.stringify(record)}\n`;
  }
  appendFileSync(log, text);
}

/** Processes that a process has started. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return new RegExp(`^PPid:\\t${parent}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    });
}

t.test(
  'each line once, through connections and runs that are killed, and a pod that is replaced',
  { timeout: 600_000 },
  async (t) => {
    writeFileSync(log, '');
    write(100);
    const up = spawnSync('bash', [join(scripts, 'up.sh'), folder, log], { encoding: 'utf8' });
    t.teardown(() => spawnSync('bash', [join(scripts, 'down.sh'), folder]));
    t.equal(up.status, 0, up.stderr);
    const env = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      KUBECONFIG: join(folder, 'state', 'kubeconfig'),
    };
    const out = join(work, 'out.log');
    const state = join(work, 'state');
    const path = join(work, 'c.yml');
    const handler = { type: 'file', format: 'logs', path: out };
    writeFileSync(path, JSON.stringify({ events: { all: { subscriptions: [{ type: 'logs' }], handler } } }));
    const outputs = ['-c', path, '--state', state, '--ledger', join(work, 'ledger.json')];
    const args = ['follow', 'pod/mirrord-operator-0', '-n', 'mirrord', ...outputs];
    let said = '';
    const begin = (): ChildProcess => {
      const child = spawn(process.execPath, [program, ...args], {
        env: { ...env, MIRRORMON_STATE_INTERVAL: '100' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr!.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
      return child;
    };
    let child = begin();
    const numbers = (): number[] =>
      existsSync(out)
        ? [...readFileSync(out, 'utf8').matchAll(/"message":"m(\d+)"/g)].map((match) => Number(match[1]))
        : [];
    const all = async (): Promise<void> => {
      for (let tries = 0; numbers().length < written && tries < 600; tries++) await delay(100);
    };
    await all();
    for (let k = 0; k < 10; k++) {
      write(50);
      await delay(300);
      for (const pid of childrenOf(child.pid!)) process.kill(pid, 'SIGKILL');
      write(50);
      await all();
    }
    for (let k = 0; k < 10; k++) {
      write(50);
      await delay(100 + 200 * k);
      child.kill('SIGKILL');
      await once(child, 'close');
      write(50);
      child = begin();
      if (k % 2 === 0) await all();
    }
    await all();
    t.same(
      numbers().sort((a, b) => a - b),
      Array.from({ length: written }, (_, k) => k),
      said,
    );
    // what has been read of it stays read once it is noted; its namesake has a log of its own
    const noted = async (): Promise<unknown> =>
      (countedOf((await readState(state)).sections).read as { records?: number }).records;
    for (let tries = 0; (await noted()) !== written && tries < 600; tries++) await delay(100);
    const kubectl = (words: string[], input = ''): void => {
      const { status, stderr } = spawnSync(join(folder, 'kubectl'), ['-n', 'mirrord', ...words], {
        env,
        input,
        encoding: 'utf8',
      });
      t.equal(status, 0, stderr);
    };
    kubectl(['delete', 'pod', 'mirrord-operator-0', '--wait=true']);
    writeFileSync(log, '');
    write(50);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mirrord-operator-0' },
      spec: {
        nodeName: 'n1',
        automountServiceAccountToken: false,
        containers: [{ name: 'mirrord-operator', image: 'fake' }],
      },
    };
    kubectl(['apply', '-f', '-'], JSON.stringify(pod));
    await all();
    child.kill('SIGTERM');
    t.equal((await once(child, 'exit'))[0], 143);
    t.same(
      numbers().sort((a, b) => a - b),
      Array.from({ length: written }, (_, k) => k),
      said,
    );
    const { read, rejected } = JSON.parse(readFileSync(join(work, 'ledger.json'), 'utf8'));
    t.same([read.records, rejected.total], [written, 0]);
  },
);
