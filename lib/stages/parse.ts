import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Input, Rejected } from '../batch/batch.ts';
import { MirrormonError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import type { OpenParser, Parser, Rest } from '../parse/parser.ts';
import { pushRest, SILENCE_MS } from '../parse/rest.ts';
import type { Gate } from './gate.ts';
import type { Step } from './transform.ts';

/** The event loop is held for about so long before whatever else waits has its turn. Milliseconds. */
const HOLD_MS = 5;

/** What the pipeline is fed: bytes of one input, or of several, each said by its `input` object. */
export type Chunk = Uint8Array | InputChunk | InputRest | InputEnd;

/** The input has ended, and whoever feeds wants it read before another one comes. */
interface InputEnd {
  readonly ends: true;
}

interface InputChunk {
  readonly input: Input;
  readonly bytes: Uint8Array;
  /** All that the input has is in these bytes: they may stand amid those of another input, which goes on behind them. */
  readonly whole?: boolean | undefined;
  /** Bytes of other inputs may stand between those of this one, until its last. */
  readonly beside?: boolean | undefined;
  readonly last?: boolean | undefined;
}

/** All that is left of an input, for its parser to read. */
interface InputRest {
  readonly input: Input;
  readonly rest: Rest;
}

export interface ParseOptions {
  readonly open: OpenParser;
  /** All inputs have ended: what is left of the last one. */
  readonly finish?: (() => Iterable<Batch>) | undefined;
  readonly gate: Gate;
  readonly ledger: Ledger;
  /** Settled once the handlers are open: nothing is read before every sink is known to work. */
  readonly ready: Promise<void>;
  /** Milliseconds, on a clock that only goes forward. */
  readonly now?: (() => number) | undefined;
}

/** An input that is being read. */
interface Opened {
  readonly input: Input;
  readonly parser: Parser;
  lastPush: number;
  /** Offset behind what was pushed. */
  end: number;
}

/** Bytes to batches, input after input. A change of input ends the one before, unless the new one is whole. */
export class Parse implements Step<Chunk, Batch> {
  private readonly options: ParseOptions;
  private current: Opened | undefined;
  /** Inputs whose bytes stand between those of others. */
  private readonly beside = new Map<Input, Opened>();
  private readonly unnamed: Input = { name: '-', framing: '' };
  private readonly now: () => number;
  private isStopped = false;
  /** When the event loop last had a turn from here. */
  private lastTurn = Number.NEGATIVE_INFINITY;

  constructor(options: ParseOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
  }

  async *push(chunk: Chunk): AsyncGenerator<Batch> {
    if (this.current === undefined) await this.options.ready;
    refuseOthers(chunk);
    if ('ends' in chunk) {
      yield* this.end(false);
      return;
    }
    if ('rest' in chunk) {
      yield* this.rest(chunk);
      return;
    }
    const { input, bytes, whole, beside, last }: InputChunk =
      chunk instanceof Uint8Array ? { input: this.unnamed, bytes: chunk } : chunk;
    if (beside) {
      yield* this.among(input, bytes, last ?? false);
      return;
    }
    if (whole) {
      const parser = this.options.open(input);
      yield* this.admit(parser.push(bytes));
      yield* this.admit(parser.end());
      return;
    }
    if (input !== this.current?.input) yield* this.turnTo(input);
    yield* this.read(this.current!, bytes);
  }

  /** Whether a record waits that may be complete: its bytes are read already. */
  get waiting(): boolean {
    return this.open.some(({ parser }) => parser.waiting === true);
  }

  /** Whether all inputs could be read anew from some place behind which nothing of them was given out. */
  get canBeginAnew(): boolean {
    return this.open.every(({ parser }) => parser.waiting !== true || parser.waitingFrom !== undefined);
  }

  private get open(): readonly Opened[] {
    const beside = [...this.beside.values()];
    return this.current === undefined ? beside : [this.current, ...beside];
  }

  /** A record that may be complete is, once its source has been silent for a while. */
  async *tick(): AsyncGenerator<Batch> {
    for (const one of this.open) {
      const { parser, input, lastPush } = one;
      if (one === this.current && input.pauses !== true) continue;
      if (!parser.waiting || this.now() - lastPush < SILENCE_MS) continue;
      yield* this.admit(parser.settle?.() ?? []);
    }
  }

  /** Offset of the first byte of an input that is in a record which waits: see Parser. */
  waitingFrom(input: Input): number | undefined {
    return (input === this.current?.input ? this.current : this.beside.get(input))?.parser.waitingFrom;
  }

  /** Reading stops wherever it is: a record that is not there to its end, at the end of an input, was not read. */
  stop(): void {
    this.isStopped = true;
  }

  private begin(input: Input): Opened {
    return { input, parser: this.options.open(input), lastPush: this.now(), end: input.from ?? 0 };
  }

  private async *read(one: Opened, bytes: Uint8Array): AsyncGenerator<Batch> {
    one.end += bytes.length;
    yield* this.admit(one.parser.push(bytes));
    one.lastPush = this.now();
  }

  private async *among(input: Input, bytes: Uint8Array, isLast: boolean): AsyncGenerator<Batch> {
    const one = this.beside.get(input) ?? this.begin(input);
    this.beside.set(input, one);
    if (bytes.length > 0) yield* this.read(one, bytes);
    one.lastPush = this.now();
    if (!isLast) return;
    this.beside.delete(input);
    yield* this.admit(one.parser.end(this.isStopped), one);
  }

  private async *rest({ input, rest }: InputRest): AsyncGenerator<Batch> {
    if (input !== this.current?.input) yield* this.turnTo(input);
    const { current } = this;
    const counted: Rest = { ...rest, bytes: (from) => counting(rest.bytes(from), current!, from) };
    const { parser } = current!;
    if (parser.rest !== undefined) yield* this.admit(parser.rest(counted), current);
    else yield* this.admit(pushRest(parser, counted), current);
  }

  private async *turnTo(input: Input): AsyncGenerator<Batch> {
    yield* this.end(false);
    this.current = this.begin(input);
  }

  async *end(isLast = true): AsyncGenerator<Batch> {
    await this.options.ready;
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) yield* this.admit(current.parser.end(this.isStopped), current);
    if (!isLast) return;
    for (const one of this.beside.values()) yield* this.admit(one.parser.end(this.isStopped), one);
    this.beside.clear();
    yield* this.admit(this.options.finish?.() ?? []);
  }

  /** @param one of which these may be the last */
  private async *admit(batches: Iterable<Batch> | AsyncIterable<Batch>, one?: Opened): AsyncGenerator<Batch> {
    const { gate, ledger } = this.options;
    for await (const batch of batches) {
      if (this.isStopped && one !== undefined)
        ledger.read.bytes -= forgetCut(batch.rejected as Rejected[], one.end);
      const place = gate.take();
      if (place !== undefined) await place;
      ledger.read.records += batch.rows + batch.rejected.length + (batch.dismissed?.records ?? 0);
      ledger.read.bytes += batch.consumed;
      for (const { reason } of batch.rejected) ledger.reject(reason);
      if (batch.input.timeOf !== undefined) fillTimes(batch, batch.input.timeOf);
      yield batch;
      // A chunk can be a whole scrape, and while handlers keep up nothing on the way leaves the microtasks. The wait is
      // behind the batch: what trickles in from a live source, with turns in between anyway, is not delayed by it.
      if (this.now() - this.lastTurn >= HOLD_MS) await this.giveTurn();
    }
  }

  private async giveTurn(): Promise<void> {
    await nextTurn();
    this.lastTurn = this.now();
  }
}

/** The same bytes; how far they go is noted. */
async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  one: Opened,
  from = one.end,
): AsyncGenerator<Uint8Array> {
  let end = from;
  for await (const chunk of chunks) {
    end += chunk.length;
    if (end > one.end) one.end = end;
    yield chunk;
  }
}

/** Takes away what ends there, amid a record, and tells its length. */
function forgetCut(rejected: Rejected[], cutAt: number): number {
  const last = rejected.at(-1);
  if (last === undefined || last.offset + last.length !== cutAt) return 0;
  rejected.pop();
  return last.length;
}

/** Records that have no time of their own have that of their source; what a framing made has it from there. */
function fillTimes({ rows, time, base, offset }: Batch, timeOf: (offset: number) => number): void {
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(time[row]!)) time[row] = timeOf(base + offset[row]!);
  }
}

/** What types alone cannot keep out of a stream. @throws {MirrormonError} USAGE */
function refuseOthers(chunk: unknown): void {
  if (chunk instanceof Uint8Array) return;
  const { input, bytes, rest, ends } = Object(chunk) as Partial<InputChunk & InputRest & InputEnd>;
  if (ends || (typeof input?.name === 'string' && (rest || bytes instanceof Uint8Array))) return;
  throw new MirrormonError('USAGE', 'a pipeline takes bytes, or { input: { name, framing }, bytes }', {
    hint:
      typeof chunk === 'string'
        ? 'it was given text: leave out the encoding of what is read, or write Buffer.from(text)'
        : undefined,
  });
}
