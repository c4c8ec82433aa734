import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { shownUrl } from '../../text/secrets.ts';
import type { HandlerContext, Joining, Parcel, ParcelHandler, Refused, Written } from '../handler.ts';
import { Unwritable } from '../unwritable.ts';
import { isTooLarge } from './failure.ts';
import type { LogBatch } from './log-batch.ts';
import type { RequestItems } from './request-items.ts';
import type { SpanBatch } from './span-batch.ts';
import type { PartialSuccess, Transport } from './transport.ts';

/** Items of one request. */
const REQUEST_ITEMS = 512;

/** Bytes of records after which a request is full; collectors take 20 MiB by default. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/** Of what waits, items and bytes that are sent as one request where a collector takes them. */
const JOINED_ITEMS = 8192;
const JOINED_BYTES = 4 * 1024 * 1024;

/** Milliseconds without an acknowledgement after which the user is told. */
const PATIENCE_MS = 2_000;

/** What is exported: log records, or sessions as traces. */
interface Signal {
  readonly batch: LogBatch | SpanBatch;
  readonly transport: Transport;
}

/** Picks of one request, and how many between them are not exported at all. */
interface Stretch {
  readonly picks: readonly number[];
  readonly skipped: number;
}

const nothing = { body: new Uint8Array(0), count: 0, bytes: 0 };

class Otlp implements ParcelHandler {
  readonly name: string;
  readonly type = 'otlp';
  readonly joining: Joining = {
    count: JOINED_ITEMS,
    bytes: JOINED_BYTES,
    join: (bodies) => this.signal!.transport.join(bodies),
  };
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly ofSpans: boolean;
  private signal: Signal | undefined;
  private readonly unwritable: Unwritable;
  /** Bytes of the smallest request that was too large for the collector. */
  private tooLarge = Number.POSITIVE_INFINITY;

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.unwritable = new Unwritable(config.name, context);
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
    await transport.check();
    const batch = this.ofSpans
      ? new (await import('./span-batch.ts')).SpanBatch(this.context)
      : new (await import('./log-batch.ts')).LogBatch(this.context);
    this.signal = { batch, transport };
  }

  *pack(flow: Flow, picks: Picks): Generator<Parcel> {
    const observed = this.context.now();
    for (let next = 0; next < picks.count; ) {
      const some: number[] = [];
      let bytes = 0;
      let skipped = 0;
      for (; next < picks.count && some.length < REQUEST_ITEMS && bytes < REQUEST_BYTES; next++) {
        if (this.isExported(flow, picks, next)) {
          some.push(next);
          bytes += flow.batch.length[picks.row[next]!]!;
        } else skipped++;
      }
      yield* this.parcels(flow, picks, { picks: some, skipped }, observed);
    }
  }

  /** One request; of one that cannot be made, its halves, down to the record that is to blame. */
  private *parcels(
    flow: Flow,
    picks: Picks,
    { picks: some, skipped }: Stretch,
    observed: number,
  ): Generator<Parcel> {
    const { batch, transport } = this.signal!;
    const count = some.length;
    const refused: Refused[] = skipped === 0 ? [] : [{ count: skipped, reason: 'not-exported' }];
    if (count === 0) return yield { ...nothing, refused };
    let bytes = 0;
    let body: Uint8Array | undefined;
    try {
      for (const pick of some) bytes += batch.add(flow.batch, picks.row[pick]!, observed);
      body = transport.encode(batch.take());
    } catch (error) {
      // what of the others was added already is made anew
      batch.take();
      if (count === 1) {
        this.unwritable.add(flow.batch, picks.row[some[0]!]!, error);
        return yield { ...nothing, refused: [...refused, ...this.unwritable.refused()] };
      }
    }
    if (body !== undefined) return yield { body, count, bytes, refused };
    const middle = count >> 1;
    yield* this.parcels(flow, picks, { picks: some.slice(0, middle), skipped }, observed);
    yield* this.parcels(flow, picks, { picks: some.slice(middle), skipped: 0 }, observed);
  }

  /** Waits until the collector has said what it took. */
  async deliver({ body, count, bytes }: Parcel): Promise<Written> {
    const waiting = setTimeout(() => {
      this.context.warn(
        `handler ${this.name}: ${this.shownUrl} has not acknowledged for 2 s; waiting for it`,
      );
    }, PATIENCE_MS);
    try {
      const refused = await this.send(body, count);
      return refused === 0 ? bytes : { bytes, refused: { count: refused, reason: 'refused' } };
    } finally {
      clearTimeout(waiting);
    }
  }

  /**
   * What is too large for the collector goes in halves, down to the record that is to blame.
   * @returns how many it did not take
   */
  private async send(body: Uint8Array, count: number): Promise<number> {
    // what it did not take once it need not be asked again; one alone is always worth asking
    if (count === 1 || body.length < this.tooLarge) {
      try {
        return this.rejected(await this.signal!.transport.send(body), count);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        this.tooLarge = Math.min(this.tooLarge, body.length);
        if (count === 1) throw error;
      }
    }
    const items = this.signal!.transport.itemsOf(body);
    const middle = count >> 1;
    return (await this.sendPart(items, 0, middle)) + (await this.sendPart(items, middle, count));
  }

  private async sendPart(items: RequestItems, from: number, to: number): Promise<number> {
    try {
      return await this.send(items.slice(from, to), to - from);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      this.context.warn(`handler ${this.name}: ${error.describe()}; what it refuses is dropped, and counted`);
      return 1;
    }
  }

  /** How many of a request that the collector took it did not take. */
  private rejected(partial: PartialSuccess | undefined, count: number): number {
    if (partial === undefined) return 0;
    const rejected = Math.min(partial.rejected, count);
    const said =
      rejected === 0
        ? `took all and warns: ${partial.message}`
        : `refused ${rejected} of ${count} and gives as reason: ${partial.message || 'none'}`;
    this.context.warn(`handler ${this.name}: ${this.shownUrl} ${said}`);
    return rejected;
  }

  abort(): void {
    this.signal?.transport.abort();
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

/** An otlp handler: log records, or sessions as traces, to a collector over HTTP, acknowledged before `deliver` resolves. */
export function openOtlp(config: HandlerConfig, context: HandlerContext): ParcelHandler {
  return new Otlp(config, context);
}
