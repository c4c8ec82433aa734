import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { freePort } from '../helpers/free-port.ts';
import { start } from '../helpers/program.ts';

const line = (user: string, second: number): string =>
  `${JSON.stringify({
    timestamp: new Date(Date.UTC(2024, 3, 1, 12) + second * 1000).toISOString(),
    level: 'INFO',
    fields: { message: 'Session Start', session_id: `${user}${second}`, client_user: user },
  })}\n`;

t.test('expireAfter: an idle series leaves the exposition, and its counter resumes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-endpoint-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'c.yml');
  writeFileSync(config, 'metrics: { expireAfter: 1m }\n');
  const port = await freePort();
  const child = start(['-c', config, '--metrics-addr', `127.0.0.1:${port}`, '-o', 'none', '-q']);
  let sent = 0;

  /** Sends a record and gives the users whose sessions are exposed once it was read, with their counts. */
  async function after(user: string, second: number, accept: string): Promise<Record<string, number>> {
    child.stdin!.write(line(user, second));
    sent++;
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } }).catch(
        () => undefined,
      );
      const text = (await response?.text()) ?? '';
      // read, and through every stage
      if (text.includes(`\nmirrormon_log_records_total{level="INFO"} ${sent}\n`)) {
        const found = text.matchAll(/^mirrord_sessions_create_total\{.*client_user="(\w+)".*\} (\d+)$/gm);
        return Object.fromEntries([...found].map(([, name, count]) => [name, Number(count)]));
      }
      await nextTurn();
    }
  }

  for (const [accept, hour] of [
    ['text/plain', 0],
    ['application/openmetrics-text', 3600],
  ] as const) {
    const before = hour === 0 ? 0 : 2;
    t.same(await after('ann', hour, accept), { ann: before + 1 });
    t.same(await after('bob', hour + 60, accept), { ann: before + 1, bob: before / 2 + 1 });
    t.same(
      await after('cid', hour + 61, accept),
      { bob: before / 2 + 1, cid: before / 2 + 1 },
      'idle for 61 s',
    );
    t.same((await after('ann', hour + 62, accept)).ann, before + 2, 'it goes on where it stopped');
  }
  child.stdin!.end();
  const [status] = await once(child, 'close');
  t.equal(status, 0);
});

t.test('with --state, the endpoint goes on counting after a kill', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-endpoint-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const port = await freePort();
  const args = ['--metrics-addr', `127.0.0.1:${port}`, '-o', 'none', '--state', join(folder, 's')];
  const lines = Array.from({ length: 5 }, (_, k) => `2024-04-01T12:00:0${k}.000000001Z ${line('ann', k)}`);

  /** The number of sessions that the endpoint tells, once it is so great. */
  async function counted(least: number): Promise<number> {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
      const text = (await response?.text()) ?? '';
      const [, count = '0'] = /^mirrord_sessions_create_total\{.*\} (\d+)$/m.exec(text) ?? [];
      if (Number(count) >= least) return Number(count);
      await nextTurn();
    }
  }

  const first = start(args, { env: { MIRRORMON_STATE_INTERVAL: '0' } });
  first.stdin!.write(lines.slice(0, 3).join(''));
  t.equal(await counted(3), 3);
  // three times as long as it takes to see that a checkpoint is due
  await sleep(1000);
  first.kill('SIGKILL');
  await once(first, 'close');
  const second = start(args);
  t.equal(await counted(1), 3, 'what was measured before is there before anything is read');
  second.stdin!.write(lines.join(''));
  t.equal(await counted(5), 5, 'and only what is new is added');
  second.stdin!.end();
  const [status] = await once(second, 'close');
  t.equal(status, 0);
});
