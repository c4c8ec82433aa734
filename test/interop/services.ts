import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';
import { find } from './components.ts';

/** Asks until there is an answer; real programs take a moment to start. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(100);
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

function accepts(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}

/** A started program whose standard error is told if it ends by itself. */
class Service {
  private readonly child: ChildProcess;
  private readonly said: Buffer[] = [];

  constructor(path: string, args: readonly string[]) {
    this.child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr!.on('data', (piece) => this.said.push(piece));
  }

  async listening(port: number): Promise<void> {
    await eventually(`${this.child.spawnfile} listens on ${port}`, async () => {
      if (this.child.exitCode !== null) throw new Error(Buffer.concat(this.said).toString());
      return accepts(port);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

/** What `promtool check metrics` finds in an exposition, a line each; an exposition that it cannot read throws. */
export async function promtool(text: string): Promise<string[]> {
  const child = spawn(await find('promtool'), ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (piece) => said.push(piece));
  child.stderr.on('data', (piece) => said.push(piece));
  child.stdin.end(text);
  const [status] = await once(child, 'close');
  const output = Buffer.concat(said).toString();
  if (status !== 0 && status !== 3) throw new Error(output);
  return [...new Set(output.split('\n').filter((line) => line !== ''))];
}

export interface CollectorOptions {
  /** Where it was before, to start one again that goes on with the same file. */
  readonly port?: number | undefined;
  readonly folder?: string | undefined;
}

export interface Collector {
  readonly port: number;
  readonly folder: string;
  readonly logsUrl: string;
  readonly tracesUrl: string;
  /** Stops it, which writes what it still held. */
  stop(): Promise<void>;
  /** The export requests that were written, in their order; complete once it was stopped. */
  requests(): Record<string, unknown>[];
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts an OpenTelemetry collector that takes OTLP over HTTP and writes it to a file. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const path = await find('collector');
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mirrormon-otelcol-'));
  const file = join(folder, 'otel.jsonl');
  const pipeline = { receivers: ['otlp'], exporters: ['file'] };
  // A JSON text is YAML.
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { file: { path: file, append: true } },
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { logs: pipeline, traces: pipeline } },
  };
  writeFileSync(join(folder, 'collector.yaml'), JSON.stringify(config));
  const service = new Service(path, ['--config', `file:${join(folder, 'collector.yaml')}`]);
  await service.listening(port);
  return {
    port,
    folder,
    logsUrl: `http://127.0.0.1:${port}/v1/logs`,
    tracesUrl: `http://127.0.0.1:${port}/v1/traces`,
    stop: () => service.stop(),
    requests() {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    },
    async remove() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A sample of an instant query: its labels and value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  readonly url: string;
  /** Waits until every target was scraped well at least once. */
  scraped(): Promise<void>;
  /** An instant query. */
  query(expression: string): Promise<Sample[]>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** `host:port` of endpoints. */
  readonly targets: readonly string[];
  /** Files of alert and recording rules. */
  readonly rules?: readonly string[] | undefined;
}

/** Starts a Prometheus server that scrapes the targets every second. */
export async function startPrometheus({ targets, rules = [] }: PrometheusOptions): Promise<Prometheus> {
  const path = await find('prometheus');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-prometheus-'));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: rules,
    scrape_configs: [{ job_name: 'mirrormon', static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const service = new Service(path, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await service.listening(port);
  const url = `http://127.0.0.1:${port}`;

  async function query(expression: string): Promise<Sample[]> {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const answer = (await response.json()) as {
      status: string;
      error?: string;
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  return {
    url,
    query,
    async scraped() {
      await eventually('Prometheus scraped its targets', async () => {
        const up = await query('up == 1');
        return up.length === targets.length ? true : undefined;
      });
    },
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
