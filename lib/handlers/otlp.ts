import type { Batch, Flow, Picks } from '../batch.ts';
import type { HandlerConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { exportFailure, shownUrl } from './otlp/failure.ts';
import { hrTime, otlpRecord } from './otlp/record.ts';
import type { LogSink, Protocol } from './otlp/sink.ts';

/** Records of one request. */
const batchRecords = 512;

/** Bytes of records after which a request is full; collectors take 20 MiB by default. */
const batchBytes = 4 * 1024 * 1024;

/** Milliseconds without an acknowledgement after which the user is told: the exporter tries for some 10 s by itself. */
const patience = 2_000;

/** How far the picks of a write are acknowledged, so that a retry goes on there. */
interface Progress {
  readonly picks: Picks;
  /** Milliseconds since the epoch at which the records were first seen here. */
  readonly observed: number;
  next: number;
  bytes: number;
}

/** The protocol that OpenTelemetry's environment variables name. */
function protocolFrom(env: NodeJS.ProcessEnv, warn: (message: string) => void): Protocol {
  const name = env.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf';
  const known = name.toLowerCase();
  if (known === 'http/protobuf' || known === 'http/json') return known;
  warn(`OTEL_EXPORTER_OTLP_PROTOCOL ${name} is not supported; http/protobuf is used (or http/json)`);
  return 'http/protobuf';
}

class Otlp implements Handler {
  readonly name: string;
  readonly type = 'otlp';
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private sink: LogSink | undefined;
  private progress: Progress | undefined;

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.config = config;
    this.context = context;
  }

  private get url(): string {
    return this.config.url ?? '';
  }

  /** Checks the URL only: a collector that is not up yet is waited for when there is something to send. */
  async open(): Promise<void> {
    const { protocol } = URL.canParse(this.url) ? new URL(this.url) : { protocol: '' };
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new MirrormonError(
        'HANDLER_OPEN',
        `handler ${this.name}: ${shownUrl(this.url) || 'nothing'} is not the http or https URL of a collector`,
        { where: this.config.place, hint: 'give a URL such as http://collector:4318/v1/logs' },
      );
    }
    const { LogSink: Sink } = await import('./otlp/sink.ts');
    this.sink = await Sink.open({
      url: this.url,
      protocol: protocolFrom(process.env, this.context.warn),
      serviceName: this.context.config.metrics.sourceId,
      warn: this.context.warn,
    });
  }

  async write(flow: Flow, picks: Picks): Promise<number> {
    if (this.progress?.picks !== picks) {
      this.progress = { picks, observed: this.context.now(), next: 0, bytes: 0 };
    }
    const { progress } = this;
    flow.batch.retain();
    try {
      while (progress.next < picks.count) await this.send(flow, progress);
    } finally {
      flow.batch.release();
    }
    this.progress = undefined;
    return progress.bytes;
  }

  /** Sends the next batch and moves on once it is acknowledged. */
  private async send(flow: Flow, progress: Progress): Promise<void> {
    const { picks } = progress;
    const observed = hrTime(progress.observed);
    let { next } = progress;
    let bytes = 0;
    for (let count = 0; next < picks.count && count < batchRecords && bytes < batchBytes; next++) {
      if (!this.isLog(flow, picks, next)) continue;
      bytes += this.emit(flow.batch, picks.row[next]!, observed);
      count++;
    }
    await this.exported();
    progress.next = next;
    progress.bytes += bytes;
  }

  private async exported(): Promise<void> {
    const waiting = setTimeout(() => {
      this.context.warn(
        `handler ${this.name}: ${shownUrl(this.url)} has not acknowledged for 2 s; waiting for it`,
      );
    }, patience);
    try {
      await this.sink!.export();
    } catch (error) {
      throw exportFailure(error, this.url);
    } finally {
      clearTimeout(waiting);
    }
  }

  private isLog(flow: Flow, picks: Picks, k: number): boolean {
    const type = this.config.subscriptions[picks.subscription[k]!]?.type;
    if (type === 'logs' && !flow.report) return true;
    this.context.warn(`handler ${this.name}: otlp exports log records, not ${type ?? 'metrics'}`);
    return false;
  }

  private emit(batch: Batch, row: number, observed: [number, number]): number {
    this.sink!.emit(otlpRecord(batch, row), observed);
    return batch.length[row]!;
  }

  async close(): Promise<void> {
    await this.sink?.close();
    this.sink = undefined;
  }
}

/** An otlp handler: log records to a collector, over HTTP, each acknowledged before `write` resolves. */
export function openOtlp(config: HandlerConfig, context: HandlerContext): Handler {
  return new Otlp(config, context);
}
