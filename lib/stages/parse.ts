import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Input } from '../batch/batch.ts';
import type { Ledger } from '../ledger.ts';
import type { OpenParser, Parser, Rest } from '../parse/parser.ts';
import { pushRest, SILENCE_MS } from '../parse/rest.ts';
import type { Gate } from './gate.ts';
import type { Step } from './transform.ts';

/** The event loop is held for about so long before whatever else waits has its turn. Milliseconds. */
const HOLD_MS = 5;

/** What the pipeline is fed: bytes of one input, or of several, each said by its `input` object. */
export type Chunk = Uint8Array | InputChunk | InputRest;

interface InputChunk {
  readonly input: Input;
  readonly bytes: Uint8Array;
  /** All that the input has is in these bytes: they may stand amid those of another input, which goes on behind them. */
  readonly whole?: boolean | undefined;
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

/** Bytes to batches, input after input. A change of input ends the one before, unless the new one is whole. */
export class Parse implements Step<Chunk, Batch> {
  private readonly options: ParseOptions;
  private input: Input | undefined;
  private parser: Parser | undefined;
  private readonly unnamed: Input = { name: '-', framing: '' };
  private readonly now: () => number;
  private lastPush = Number.NEGATIVE_INFINITY;
  /** When the event loop last had a turn from here. */
  private lastTurn = Number.NEGATIVE_INFINITY;

  constructor(options: ParseOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
  }

  async *push(chunk: Chunk): AsyncGenerator<Batch> {
    if (this.parser === undefined) await this.options.ready;
    if ('rest' in chunk) {
      yield* this.rest(chunk);
      return;
    }
    const { input, bytes, whole }: InputChunk =
      chunk instanceof Uint8Array ? { input: this.unnamed, bytes: chunk } : chunk;
    if (whole) {
      const parser = this.options.open(input);
      yield* this.admit(parser.push(bytes));
      yield* this.admit(parser.end());
      return;
    }
    if (input !== this.input) yield* this.turnTo(input);
    yield* this.admit(this.parser!.push(bytes));
    this.lastPush = this.now();
  }

  /** A record that may be complete is, once its source has been silent for a while. */
  async *tick(): AsyncGenerator<Batch> {
    const { parser, input } = this;
    if (!parser?.waiting || input?.pauses !== true || this.now() - this.lastPush < SILENCE_MS) return;
    yield* this.admit(parser.settle?.() ?? []);
  }

  private async *rest({ input, rest }: InputRest): AsyncGenerator<Batch> {
    if (input !== this.input) yield* this.turnTo(input);
    const parser = this.parser!;
    if (parser.rest !== undefined) yield* this.admit(parser.rest(rest));
    else yield* this.admit(pushRest(parser, rest));
  }

  private async *turnTo(input: Input): AsyncGenerator<Batch> {
    yield* this.end(false);
    this.input = input;
    this.parser = this.options.open(input);
  }

  async *end(isLast = true): AsyncGenerator<Batch> {
    await this.options.ready;
    const parser = this.parser;
    this.parser = undefined;
    this.input = undefined;
    if (parser !== undefined) yield* this.admit(parser.end());
    if (isLast) yield* this.admit(this.options.finish?.() ?? []);
  }

  private async *admit(batches: Iterable<Batch> | AsyncIterable<Batch>): AsyncGenerator<Batch> {
    const { gate, ledger } = this.options;
    for await (const batch of batches) {
      const place = gate.take();
      if (place !== undefined) await place;
      ledger.read.records += batch.rows + batch.rejected.length + (batch.dismissed?.records ?? 0);
      ledger.read.bytes += batch.consumed;
      for (const { reason } of batch.rejected) ledger.reject(reason);
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
