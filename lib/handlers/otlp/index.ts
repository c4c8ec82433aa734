import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { shownUrl } from '../../text/secrets.ts';
import type { Handler, HandlerContext, Written } from '../handler.ts';
import type { LogBatch } from './log-batch.ts';
import type { SpanBatch } from './span-batch.ts';
import type { Transport } from './transport.ts';

/** Items of one request. */
const REQUEST_ITEMS = 512;

/** Bytes of records after which a request is full; collectors take 20 MiB by default. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/** Milliseconds without an acknowledgement after which the user is told. */
const PATIENCE_MS = 2_000;

/** How far the picks of a write are acknowledged, so that a retry goes on there. */
interface Progress {
  readonly picks: Picks;
  /** Milliseconds since the epoch at which the records were first seen here. */
  readonly observed: number;
  next: number;
  bytes: number;
  /** Items that the collector rejected for good. */
  refused: number;
}

/** What is exported: log records, or sessions as traces. */
interface Signal {
  readonly batch: LogBatch | SpanBatch;
  readonly transport: Transport;
}

class Otlp implements Handler {
  readonly name: string;
  readonly type = 'otlp';
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly ofSpans: boolean;
  private signal: Signal | undefined;
  private progress: Progress | undefined;

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.ofSpans = config.subscriptions.some(({ type }) => type === 'spans');
  }

  private get url(): string {
    return this.config.url ?? '';
  }

  private get shownUrl(): string {
    return this.config.shownUrl ?? shownUrl(this.url);
  }

  /** Checks the URL only: a collector that is not up yet is waited for when there is something to send. */
  async open(): Promise<void> {
    const { protocol } = URL.canParse(this.url) ? new URL(this.url) : { protocol: '' };
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new MirrormonError(
        'HANDLER_OPEN',
        `handler ${this.name}: ${this.shownUrl || 'nothing'} is not the http or https URL of a collector`,
        {
          where: this.config.place,
          hint: `give a URL such as http://collector:4318/v1/${this.ofSpans ? 'traces' : 'logs'}`,
        },
      );
    }
    const [{ Transport: To }, signals] = await Promise.all([
      import('./transport.ts'),
      import('./signals.ts'),
    ]);
    const transport = new To({
      url: this.url,
      shownUrl: this.shownUrl,
      signal: this.ofSpans ? signals.traces : signals.logs,
      env: process.env,
      warn: this.context.warn,
      now: this.context.now,
    });
    const batch = this.ofSpans
      ? new (await import('./span-batch.ts')).SpanBatch(this.context)
      : new (await import('./log-batch.ts')).LogBatch(this.context);
    this.signal = { batch, transport };
  }

  async write(flow: Flow, picks: Picks): Promise<Written> {
    if (this.progress?.picks !== picks) {
      this.progress = { picks, observed: this.context.now(), next: 0, bytes: 0, refused: 0 };
    }
    const { progress } = this;
    flow.batch.retain();
    try {
      while (progress.next < picks.count) await this.send(flow, progress);
    } catch (error) {
      throw withDelivered(error, progress);
    } finally {
      flow.batch.release();
    }
    this.progress = undefined;
    const { bytes, refused } = progress;
    return refused === 0 ? bytes : { bytes, refused: { count: refused, reason: 'refused' } };
  }

  /** Sends the next request and moves on once it is acknowledged. */
  private async send(flow: Flow, progress: Progress): Promise<void> {
    const { picks, observed } = progress;
    const { batch, transport } = this.signal!;
    let { next } = progress;
    let bytes = 0;
    let count = 0;
    for (; next < picks.count && count < REQUEST_ITEMS && bytes < REQUEST_BYTES; next++) {
      if (!this.isExported(flow, picks, next)) continue;
      const row = picks.row[next]!;
      bytes += batch.add(flow.batch, row, observed);
      count++;
    }
    if (count > 0) progress.refused += await this.acknowledged(transport.send(batch.take()), count);
    progress.next = next;
    progress.bytes += bytes;
  }

  /** Waits for a request of `count` items. @returns how many of them the collector rejected for good */
  private async acknowledged(sending: ReturnType<Transport['send']>, count: number): Promise<number> {
    const waiting = setTimeout(() => {
      this.context.warn(
        `handler ${this.name}: ${this.shownUrl} has not acknowledged for 2 s; waiting for it`,
      );
    }, PATIENCE_MS);
    try {
      const partial = await sending;
      if (partial === undefined) return 0;
      const rejected = Math.min(partial.rejected, count);
      this.context.warn(
        `handler ${this.name}: ${this.shownUrl} refused ${rejected} of ${count} and gives as reason: ${partial.message || 'none'}`,
      );
      return rejected;
    } finally {
      clearTimeout(waiting);
    }
  }

  private isExported(flow: Flow, picks: Picks, k: number): boolean {
    const type = this.config.subscriptions[picks.subscription[k]!]?.type;
    if (type === 'spans' ? this.ofSpans : type === 'logs' && !this.ofSpans && !flow.report) return true;
    this.context.warn(`handler ${this.name}: otlp exports log records, not ${type ?? 'metrics'}`);
    return false;
  }

  async close(): Promise<void> {
    this.signal?.transport.close();
    this.signal = undefined;
  }
}

/** A failure of one request with what the requests before it delivered. */
function withDelivered(error: unknown, { next, bytes, refused }: Progress): unknown {
  if (!(error instanceof MirrormonError) || next === 0) return error;
  return error.with({ delivered: { picks: next - refused, bytes } });
}

/** An otlp handler: log records, or sessions as traces, to a collector over HTTP, acknowledged before `write` resolves. */
export function openOtlp(config: HandlerConfig, context: HandlerContext): Handler {
  return new Otlp(config, context);
}
