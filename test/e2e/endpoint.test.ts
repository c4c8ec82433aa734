import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
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
