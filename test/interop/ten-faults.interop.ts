/** Ten faults each of a collector, a Prometheus and a disk, while records come: nothing is lost, and nothing doubled. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { freePort } from '../helpers/free-port.ts';
import { start } from '../helpers/program.ts';
import { need } from './components.ts';
import { eventually, startCollector, startPrometheus } from './services.ts';

const FAULTS = 10;
/** Every so many milliseconds so many records. */
const EVERY_MS = 20;
const BURST = 20;

// also of building what is needed
t.setTimeout(900_000);
await need('collector');
await need('prometheus');

/** A run that is given numbered records until it is ended. */
function live(t: Test, handler: string, subscription: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-faults-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const subscriptions = `subscriptions: [{ type: ${subscription} }]`;
  writeFileSync(join(folder, 'c.yml'), `events:\n  peer: { ${subscriptions}, handler: { ${handler} } }\n`);
  const child = start(['-c', 'c.yml', '--ledger', 'ledger.json'], { cwd: folder });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  let written = 0;
  let isOver = false;
  let longestStall = 0;
  const writing = (async () => {
    while (!isOver) {
      let text = '';
      for (let k = 0; k < BURST; k++) {
        const record = {
          timestamp: new Date().toISOString(),
          level: 'INFO',
          fields: { message: `m #${written++}#` },
        };
        text += `${JSON.stringify({ ...record, target: 't' })}\n`;
      }
      const before = performance.now();
      if (!child.stdin!.write(text)) await once(child.stdin!, 'drain');
      longestStall = Math.max(longestStall, performance.now() - before);
      await delay(EVERY_MS);
    }
  })();
  const stopWriting = async (): Promise<void> => {
    isOver = true;
    await writing;
  };
  const end = async (): Promise<void> => {
    child.stdin!.end();
    const [status] = await ended;
    const { handlers } = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8'));
    t.equal(status, 0, said);
    t.equal(handlers.peer.records.dropped + handlers.peer.events.dropped, 0, 'nothing dropped');
    t.comment(`${written} records; the longest stall of the source ${longestStall.toFixed(0)} ms`);
  };
  return { stopWriting, end, written: () => written, said: () => said };
}

/** That every number up to a count stands once in a text. */
function onceEach(t: Test, text: string, count: number): void {
  const times = new Map<number, number>();
  for (const [, number] of text.matchAll(/m #(\d+)#/g))
    times.set(Number(number), (times.get(Number(number)) ?? 0) + 1);
  t.equal(count - times.size, 0, 'lost');
  t.equal([...times.values()].filter((n) => n > 1).length, 0, 'doubled');
}

t.test('a collector that is away ten times', { timeout: 200_000 }, async (t) => {
  let collector = await startCollector();
  const { port, folder, logsUrl } = collector;
  t.teardown(() => collector.remove());
  const run = live(t, `type: otlp, url: '${logsUrl}', onError: spool`, 'logs');
  for (let k = 0; k < FAULTS; k++) {
    await delay(1000);
    await collector.stop();
    await delay(700);
    collector = await startCollector({ port, folder });
  }
  await delay(1000);
  await run.stopWriting();
  await run.end();
  await collector.stop();
  onceEach(t, JSON.stringify(collector.requests()), run.written());
});

t.test('a disk that is full ten times', { timeout: 200_000 }, async (t) => {
  const disk = mkdtempSync(join(tmpdir(), 'mirrormon-full-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    const why = `a tmpfs cannot be mounted here: ${stderr}`;
    process.stderr.write(`!!! SKIPPED ${why}\n`);
    t.pass('a full disk', { skip: why });
    return;
  }
  t.teardown(() => {
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });
  const run = live(t, `type: file, format: logs, path: '${disk}/out.log', maxsizemb: 1`, 'logs');
  for (let k = 0; k < FAULTS; k++) {
    await delay(500);
    spawnSync('dd', ['if=/dev/zero', `of=${disk}/ballast`, 'bs=64k', 'count=600']);
    await delay(1000);
    rmSync(join(disk, 'ballast'));
    await delay(500);
  }
  await run.stopWriting();
  await run.end();
  t.match(run.said(), /no space left/);
  const text = readdirSync(disk).map((name) => readFileSync(join(disk, name), 'latin1'));
  onceEach(t, text.join(''), run.written());
});

t.test('a Prometheus that is started anew ten times', { timeout: 200_000 }, async (t) => {
  const port = await freePort();
  const run = live(t, `type: prometheus, address: '127.0.0.1:${port}'`, 'metrics');
  for (let k = 0; k < FAULTS; k++) {
    const prometheus = await startPrometheus({ targets: [`127.0.0.1:${port}`] });
    if (k < FAULTS - 1) {
      await delay(300);
      await prometheus.stop();
      continue;
    }
    await prometheus.scraped();
    await run.stopWriting();
    await eventually('all records are counted', async () => {
      const [sample] = await prometheus.query('sum(mirrormon_records_read_total)');
      return sample?.value === run.written() ? true : undefined;
    });
    await prometheus.stop();
  }
  await run.end();
});
