/**
 * A live run under faults: 20,000 records a second to the endpoint, two files, OTLP logs and traces, with a fault every
 * 20 s. Half a minute; MIRRORMON_SOAK_SECONDS=600 for ten. What is told at the end: lost, doubled, the longest stall of
 * the source and of the endpoint, and resident memory over time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { freePort } from '../helpers/free-port.ts';
import { program } from '../helpers/program.ts';

const SECONDS = Number(process.env.MIRRORMON_SOAK_SECONDS ?? 30);
const FAULT_EVERY = Number(process.env.MIRRORMON_SOAK_FAULT_SECONDS ?? (SECONDS < 60 ? 8 : 20));
const RATE = Number(process.env.MIRRORMON_SOAK_RATE ?? 20_000);
const FAULT_MS = 4_000;
const MOST_RSS_MIB = 200;
/** Of records, one in so many begins a session, which ends half as many records later. */
const SESSION_EVERY = Number(process.env.MIRRORMON_SOAK_SESSION_EVERY ?? 100);

t.setTimeout((SECONDS + 120) * 1000);

type Mood = 'well' | 'busy' | 'unavailable' | 'silent';

/** A collector that counts what it has said that it took. */
class Collector {
  mood: Mood = 'well';
  readonly logs = new Counted();
  readonly spans = new Map<string, number>();
  private server: Server | undefined;
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece) => pieces.push(piece));
      request.on('end', () => {
        if (this.mood === 'silent') return;
        if (this.mood === 'busy') return void response.writeHead(429, { 'Retry-After': '1' }).end();
        if (this.mood === 'unavailable') return void response.writeHead(503).end();
        const body = Buffer.concat(pieces);
        const isZipped = request.headers['content-encoding'] === 'gzip';
        this.count(request.url ?? '', (isZipped ? gunzipSync(body) : body).toString('latin1'));
        response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
      });
      request.on('error', () => {});
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
  }

  private count(url: string, text: string): void {
    if (url.endsWith('/logs')) {
      this.logs.add(text);
    } else for (const [, id] of text.matchAll(/feed([0-9a-f]{12})/g)) this.spans.set(id!, 1);
  }
}

/** How often each record came. */
class Counted {
  private readonly times = new Uint8Array(2 * RATE * SECONDS);

  add(text: string): void {
    for (const [, number] of text.matchAll(/soak #(\d+)#/g)) this.times[Number(number)]!++;
  }

  /** Of the first so many. */
  missing(count: number): number {
    return this.times.subarray(0, count).filter((times) => times === 0).length;
  }

  get doubled(): number {
    return this.times.filter((times) => times > 1).length;
  }
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const sizes = readdirSync(folder).map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function recordOf(n: number): string {
  const timestamp = new Date().toISOString();
  const place = n % SESSION_EVERY;
  const isSession = place === 0 || place === SESSION_EVERY / 2;
  const id = Math.floor(n / SESSION_EVERY);
  const user = `user${id % 200}@corp.example`;
  const fields = isSession
    ? {
        message: place === 0 ? 'Session Start' : 'Session End',
        n: `soak #${n}#`,
        target: 'deployment/shop',
        client_user: user,
        client_hostname: 'mac',
        client_name: 'Ada',
        client_id: `id${id % 200}`,
        session_id: `feed${id.toString(16).padStart(12, '0')}`,
      }
    : { message: `soak #${n}#`, client_user: user, step: n % 7 };
  return `${JSON.stringify({ timestamp, level: 'INFO', fields, target: isSession ? 'operator_session::session' : 'operator' })}\n`;
}

t.test('nothing lost, nothing doubled, memory flat', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-soak-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const collector = new Collector(await freePort());
  await collector.open();
  const url = `http://127.0.0.1:${collector.port}/v1`;
  const endpoint = await freePort();
  mkdirSync(join(folder, 'out'));
  const handler = (more: string): string => `handler: { ${more} }`;
  const spool = (name: string): string =>
    `type: otlp, url: '${url}/${name}', onError: spool, spool: { path: '${join(folder, `spool-${name}`)}', maxsizemb: 1000 }`;
  writeFileSync(
    join(folder, 'c.yml'),
    `metrics: { reportInterval: 5s }
operator: { metrics: true, metricsAddr: '127.0.0.1:${endpoint}' }
events:
  logs: { subscriptions: [{ type: logs }], ${handler(`type: file, format: logs, path: '${folder}/out/logs', maxsizemb: 20`)} }
  events: { subscriptions: [{ type: metrics }], ${handler(`type: file, format: json, path: '${folder}/out/events', maxsizemb: 20`)} }
  export: { subscriptions: [{ type: logs }], ${handler(spool('logs'))} }
  traces: { subscriptions: [{ type: spans }], ${handler(spool('traces'))} }
`,
  );
  const child = spawn(process.execPath, [program, '-c', 'c.yml', '--ledger', 'ledger.json'], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'exit');

  let written = 0;
  let longestStall = 0;
  let longestScrape = 0;
  /** Before it listens, and what was cut off since this process stood still for longer than an answer may take. */
  let failedScrapes = 0;
  const rss: number[] = [];
  /** What waits on disk for the collector, which shares this process with the source: some 100 bytes of memory a parcel. */
  const spooled: number[] = [];
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      if (kib !== undefined) rss.push(Math.round(Number(kib) / 1024));
      spooled.push(Math.round(bytesIn(join(folder, 'spool-logs')) / 1048576));
      const asked = performance.now();
      const isAnswered = await fetch(`http://127.0.0.1:${endpoint}/metrics`)
        .then(async (answer) => (await answer.text()) !== '' && answer.ok)
        .catch(() => false);
      if (isAnswered) longestScrape = Math.max(longestScrape, performance.now() - asked);
      else failedScrapes++;
      await delay(Math.min(5_000, (SECONDS * 1000) / 10));
    }
  })();
  const faults: Record<string, () => Promise<void>> = {
    gone: async () => {
      await collector.close();
      await delay(FAULT_MS);
      await collector.open();
    },
    busy: () => moody('busy'),
    unavailable: () => moody('unavailable'),
    silent: () => moody('silent'),
    'slow scraper': async () => {
      const socket = connect(endpoint, '127.0.0.1', () =>
        socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'),
      );
      socket.on('error', () => {});
      await delay(FAULT_MS);
      socket.destroy();
    },
    rotation: async () => {
      renameSync(join(folder, 'out', 'logs'), join(folder, 'out', `moved-${Math.round(elapsed())}`));
      child.kill('SIGHUP');
    },
  };
  async function moody(mood: Mood): Promise<void> {
    collector.mood = mood;
    await delay(FAULT_MS);
    collector.mood = 'well';
  }
  const befallen: string[] = [];
  const harming = (async () => {
    for (let k = 1; (k + 0.5) * FAULT_EVERY < SECONDS; k++) {
      await delay(Math.max(0, k * FAULT_EVERY - elapsed()) * 1000);
      const names = Object.keys(faults);
      const name = names[Math.floor(Math.random() * names.length)]!;
      befallen.push(`${Math.round(elapsed())} s ${name}`);
      await faults[name]!();
    }
  })();
  while (elapsed() < SECONDS) {
    const due = Math.floor(elapsed() * RATE);
    let text = '';
    for (const to = Math.min(due, written + RATE / 5); written < to; written++) text += recordOf(written);
    const before = performance.now();
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
    longestStall = Math.max(longestStall, performance.now() - before);
    await delay(20);
  }
  await harming;
  child.stdin.end();
  const [status] = await ended;
  isOver = true;
  await watching;
  await collector.close();

  const files = new Counted();
  for (const name of readdirSync(join(folder, 'out'))) {
    if (name.startsWith('events')) continue;
    files.add(readFileSync(join(folder, 'out', name), 'latin1'));
  }
  // those that are open at the end are told, too
  const sessions = Math.ceil(written / SESSION_EVERY);
  t.comment(`${written} records in ${SECONDS} s; faults: ${befallen.join(', ') || 'none'}`);
  t.comment(
    `longest stall of the source ${longestStall.toFixed(0)} ms, of a scrape ${longestScrape.toFixed(0)} ms (${failedScrapes} not answered)`,
  );
  t.comment(`resident MiB: ${rss.join(' ')}`);
  t.comment(`spooled MiB: ${spooled.join(' ')}`);
  t.equal(status, 0, said);
  t.same(
    {
      files: files.missing(written),
      logs: collector.logs.missing(written),
      sessions: sessions - collector.spans.size,
    },
    { files: 0, logs: 0, sessions: 0 },
    'lost',
  );
  t.same({ files: files.doubled, logs: collector.logs.doubled }, { files: 0, logs: 0 }, 'doubled');
  const { read } = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8'));
  t.equal(read.records, written);
  t.ok(Math.max(...rss) < MOST_RSS_MIB, `${Math.max(...rss)} MiB at most`);
});
