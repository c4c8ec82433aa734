import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from '../lib/generate/index.ts';
import { freePort } from '../test/helpers/free-port.ts';
import { program } from '../test/helpers/program.ts';
import { median } from './measure.ts';

const LINES_PER_SECOND = 10_000;
const STEP_MS = 10;
const MARKER_EVERY_MS = 200;
const SECONDS = 6;
/** Stands where a line's time will be. */
const TIME = '"timestamp":0';
/** Until it is as fast as it gets; markers before that are not counted. */
const WARM_UP_SECONDS = 1;

export interface Latency {
  /** Milliseconds from the write of a line to the beginning of the first scrape that shows it. */
  readonly reached: Spread;
  /** Milliseconds from its write to the end of that scrape, which has all series in it. */
  readonly read: Spread;
  readonly markers: number;
  /** Milliseconds and bytes of a scrape. */
  readonly scrape: number;
  readonly scrapeBytes: number;
  readonly linesPerSecond: number;
}

export interface Spread {
  readonly median: number;
  readonly max: number;
}

const spread = (values: readonly number[]): Spread => ({ median: median(values), max: Math.max(...values) });

/** Lines of an Operator at work, without their times, for the whole measurement: making them takes time of its own. */
function makeLines(): string[] {
  const records = (SECONDS + 2) * LINES_PER_SECOND;
  const log = Buffer.concat([...generate({ kind: 'operator', records, seed: 1 })]).toString();
  return log
    .trimEnd()
    .replace(/"timestamp":"[^"]*"/g, TIME)
    .split('\n');
}

/** A session of a client that nobody has seen: its series is new, so that it can be told from all others. */
function marker(name: string): string {
  const fields = {
    message: 'Session Start',
    target: 'deployment/marker',
    client_hostname: name,
    client_name: name,
    client_user: name,
    client_id: name,
    session_id: name,
  };
  const rest = JSON.stringify({ level: 'INFO', fields, target: 'operator_session::session' });
  return `{${TIME},${rest.slice(1)}`;
}

/** How long a line takes to be seen at /metrics while ten thousand a second come through standard input. */
export async function measureLatency(): Promise<Latency> {
  const lines = makeLines();
  const url = `http://127.0.0.1:${await freePort()}/metrics`;
  const args = [program, '-', '-o', 'none', '-q', '--metrics-addr', new URL(url).host];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await listening(url);
    const feeding = new Feeder(lines, (text) => child.stdin.write(text));
    const told = await watch(url, feeding).finally(() => feeding.stop());
    return { ...told, linesPerSecond: feeding.rate };
  } finally {
    child.stdin.end();
    await ended;
  }
}

async function listening(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await scrape(url);
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(25);
    }
  }
}

const agent = new Agent({ keepAlive: true });

/** The exposition as it is: unpacking it would be time of ours. */
async function scrape(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  return await text(response);
}

/** Writes lines at an even rate, catching up with the clock at every step. */
class Feeder {
  private readonly lines: readonly string[];
  private readonly write: (text: string) => void;
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private written = 0;

  constructor(lines: readonly string[], write: (text: string) => void) {
    this.lines = lines;
    this.write = write;
    this.timer = setInterval(() => this.step(), STEP_MS);
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  get rate(): number {
    return this.written / this.seconds;
  }

  /** Lines with the time at which they are written. */
  insert(lines: readonly string[]): void {
    const timestamp = `"timestamp":"${new Date().toISOString()}"`;
    this.write(`${lines.join('\n')}\n`.replaceAll(TIME, timestamp));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private step(): void {
    const due = Math.min(Math.floor(this.seconds * LINES_PER_SECOND), this.lines.length);
    if (due > this.written) this.insert(this.lines.slice(this.written, due));
    this.written = due;
  }
}

/** A scrape takes 20 ms, so one that came too early would tell no more than that the next one is early enough. */
const FIRST_LOOK_MS = 5;

/** Puts a marker in every now and then and scrapes until it is seen. */
async function watch(url: string, feeding: Feeder): Promise<Omit<Latency, 'linesPerSecond'>> {
  const reached: number[] = [];
  const read: number[] = [];
  const scrapes: number[] = [];
  let scrapeBytes = 0;
  for (let k = 0; feeding.seconds < SECONDS; k++) {
    const name = `marker-${k}.`;
    const written = performance.now();
    feeding.insert([marker(name)]);
    await sleep(FIRST_LOOK_MS);
    let asked: number;
    for (let seen = false; !seen; ) {
      asked = performance.now();
      const page = await scrape(url);
      seen = page.includes(name);
      scrapeBytes = page.length;
      scrapes.push(performance.now() - asked);
      if (asked - written > 5000) throw new Error(`${name} was not seen within 5 s`);
    }
    if (feeding.seconds > WARM_UP_SECONDS) {
      reached.push(asked! - written);
      read.push(performance.now() - written);
    }
    await sleep(Math.max(0, MARKER_EVERY_MS - (performance.now() - written)));
  }
  return {
    reached: spread(reached),
    read: spread(read),
    markers: read.length,
    scrape: median(scrapes),
    scrapeBytes,
  };
}
