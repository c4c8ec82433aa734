import { existsSync } from 'node:fs';
import type { Input } from '../../batch/batch.ts';
import type { Config } from '../../config.ts';
import type { RestrictionOptions } from '../../filters/restriction.ts';
import { type DetectedFraming, isLog } from '../../framings/index.ts';
import type { OpenFile } from '../../inputs/open-file.ts';
import type { Start } from '../../inputs/start.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { Chunk } from '../../stages/parse.ts';
import { positionsOf } from '../../state/about.ts';
import { DoneInputs } from '../../state/done-inputs.ts';
import { InputPlaces, placesOf } from '../../state/input-places.ts';
import { measuringOf } from '../../state/measuring.ts';
import { removeTemporaries } from '../../state/replace-file.ts';
import { readState, type StateFile, understood } from '../../state/state-file.ts';
import { thousands } from '../../text/thousands.ts';
import type { Read } from '../following.ts';
import type { RunOptions } from '../invocation.ts';
import type { Messages } from '../standard-error.ts';
import { Patient } from './patient.ts';
import { admit, restOf } from './same-run.ts';
import { StateLock } from './state-lock.ts';
import { StateWriter } from './state-writer.ts';
import { type Halt, inStretches } from './stretches.ts';

/** Ticks that are held behind a stretch, at most: a held one takes some 40 bytes. */
const MOST_HELD = 500_000;
/** Bytes between two checkpoints within a file, at least: it takes a tenth of a second to read them. */
const LEAST_WANTED = 2 ** 27;
/** How often it is looked whether something has come since, once one is due. Milliseconds. */
const LOOK_MS = 100;

/** Which records count, where a run before has said which did. */
export type Restrict = (stood?: RestrictionOptions) => Promise<RestrictionOptions | undefined>;

export interface CheckpointsOptions {
  readonly path: string;
  readonly config: Config;
  readonly run: RunOptions;
  readonly restrict: Restrict;
  readonly messages: Messages;
  /** Milliseconds between two. */
  readonly interval?: number | undefined;
  /** See inStretches. */
  readonly stretch?: number | undefined;
}

/**
 * A run that can go on: between its inputs, when nothing is under way, it writes down what was measured, which files are
 * done, and how far its outputs have been written.
 */
export class Checkpoints {
  /** Where the run before stopped; undefined if there was none. */
  readonly before: StateFile | undefined;
  readonly inputs: DoneInputs;
  /** How far inputs that go on were read. */
  readonly places: InputPlaces;
  /** Which records count. */
  readonly restriction: RestrictionOptions | undefined;
  private readonly options: CheckpointsOptions;
  private readonly lock: StateLock;
  private readonly writer: StateWriter;
  private isOver = false;

  private constructor(
    options: CheckpointsOptions,
    restriction: RestrictionOptions | undefined,
    lock: StateLock,
    before: StateFile | undefined,
  ) {
    this.restriction = restriction;
    this.options = options;
    this.lock = lock;
    this.before = before;
    const measuring = measuringOf(options.config, restriction);
    const rest = restOf(options.config, options.run);
    this.writer = new StateWriter(options, measuring, rest);
    this.inputs = new DoneInputs(before?.about.going?.done, before?.about.going?.amid);
    this.places =
      before === undefined
        ? new InputPlaces()
        : understood(before.path, () => new InputPlaces(before.sections));
    if (before !== undefined) admit(before, measuring, rest);
  }

  /** @throws {MirrormonError} USAGE where it is in use, STATE_UNUSABLE where this run cannot go on with it */
  static async open(options: CheckpointsOptions): Promise<Checkpoints> {
    const lock = await StateLock.take(options.path);
    try {
      await removeTemporaries(options.path);
      const before = existsSync(options.path) ? await readState(options.path) : undefined;
      const restriction = await options.restrict(before?.about.measuring.restriction);
      return new Checkpoints(options, restriction, lock, before);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** How far the outputs had been written. */
  get positions(): Readonly<Record<string, unknown>> | undefined {
    const { before } = this;
    return before && understood(before.path, () => positionsOf(before.sections));
  }

  /** Goes on from before, once the pipeline's outputs are open. */
  async begin(pipeline: Pipeline): Promise<void> {
    const { before } = this;
    pipeline.state.holdTicks();
    this.places.waitingFrom = (input) => pipeline.waitingFrom(input);
    if (before !== undefined) {
      understood(before.path, () => pipeline.state.mergeSections(before.sections, true));
      this.options.messages.note(`goes on behind ${this.told(before)} that ${before.path} has`);
    }
    // what is written from here on can be cut off again
    await this.write(pipeline, true);
  }

  private told({ sections }: StateFile): string {
    const { done, amid } = this.inputs;
    const isOfPlaces = done.length + amid.length === 0 && placesOf(sections).size > 0;
    if (isOfPlaces) return 'what was read';
    const files = `${done.length} ${done.length === 1 ? 'file' : 'files'}`;
    return [files, ...amid.map(({ name, offset }) => `byte ${thousands(offset)} of ${name}`)].join(' and ');
  }

  /** Where a file is to be begun. */
  startOf(file: OpenFile): Promise<Start | 'done' | undefined> {
    return this.inputs.startOf(file);
  }

  /** Something failed or was told to end: what was written down last is where the next run goes on. */
  stop(): void {
    this.isOver = true;
  }

  /** The same chunks, with a checkpoint between two stretches or inputs where one is due, and behind the last. */
  async *between(chunks: AsyncIterable<Read>, pipeline: Pipeline): AsyncGenerator<Chunk> {
    let input: Input | undefined;
    const before = pipeline.ledger.read.bytes;
    const began = performance.now();
    const wanted = () => this.bytesUntilDue(pipeline.ledger.read.bytes - before, performance.now() - began);
    for await (const chunk of inStretches(chunks, { length: this.options.stretch, wanted })) {
      if ('halt' in chunk) {
        await this.halt(chunk, pipeline);
        continue;
      }
      if (chunk.input !== input) {
        if (input !== undefined) yield* this.settle(input, pipeline, false);
        input = chunk.input;
      }
      yield chunk;
    }
    if (input !== undefined) yield* this.settle(input, pipeline, true);
  }

  /**
   * The same chunks of inputs that go on, with a checkpoint where one is due, also while nothing comes, and at the end.
   * Their readers say by `places` how far they have come.
   */
  async *along(chunks: AsyncIterable<Chunk>, pipeline: Pipeline): AsyncGenerator<Chunk> {
    const source = new Patient(chunks);
    try {
      for (;;) {
        // what was given before has been parsed by now
        if (this.writer.isDue && this.writer.hasNews(pipeline)) await this.rest(pipeline);
        const next = await source.next(Math.max(LOOK_MS, this.writer.dueIn));
        if (next?.done) break;
        if (next !== undefined) yield next.value;
      }
    } finally {
      source.return().catch(() => {});
    }
    await this.rest(pipeline, true);
  }

  async close(): Promise<void> {
    await this.writer.written();
    await this.lock.release();
  }

  private async rest(pipeline: Pipeline, isLast = false): Promise<void> {
    await pipeline.settled();
    if (pipeline.canBeginAnew()) await this.write(pipeline, isLast);
  }

  private async write(pipeline: Pipeline, isAwaited: boolean): Promise<void> {
    await this.writer.write(pipeline, this.inputs, this.places);
    if (isAwaited) await this.writer.keep(pipeline);
  }

  /** How many bytes come until a checkpoint is due, as fast as those that came. */
  private bytesUntilDue(bytes: number, ms: number): number {
    const speed = ms > 0 ? bytes / ms : 0;
    return Math.round(Math.max(LEAST_WANTED, speed * this.writer.dueIn));
  }

  /** All before a line of an input has been given. */
  private async halt({ halt: input, offset, tail, isFixed }: Halt, pipeline: Pipeline): Promise<void> {
    if (!isFixed && !this.writer.isDue) return;
    await pipeline.settled();
    if (this.isOver) return;
    if (isFixed && pipeline.state.heldTicks > MOST_HELD) pipeline.state.foldTicks();
    if (!this.writer.isDue || !isOfLines(input.framing) || pipeline.isAmidRecord()) return;
    // what is no whole record yet
    if ((input.from ?? 0) + this.places.consumed(input) !== offset) return;
    this.inputs.reach(input.name, input.framing, offset, tail);
    await this.write(pipeline, false);
  }

  private async *settle({ name }: Input, pipeline: Pipeline, isLast: boolean): AsyncGenerator<Chunk> {
    yield { ends: true };
    await pipeline.settled();
    if (this.isOver) return;
    this.inputs.add(name);
    if (pipeline.state.heldTicks > MOST_HELD) pipeline.state.foldTicks();
    // a record that goes on in the next file is in no state
    if (pipeline.isAmidRecord()) return;
    if (isLast || this.writer.isDue) await this.write(pipeline, isLast);
  }
}

/** Whether a record of this framing is known where its line begins, whatever came before it. */
function isOfLines(framing: string): boolean {
  return isLog(framing as DetectedFraming);
}
