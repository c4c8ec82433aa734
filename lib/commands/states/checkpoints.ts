import { existsSync } from 'node:fs';
import type { Input } from '../../batch/batch.ts';
import type { Config } from '../../config.ts';
import { describeError } from '../../errors.ts';
import type { RestrictionOptions } from '../../filters/restriction.ts';
import type { OpenFile } from '../../inputs/open-file.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { Chunk } from '../../stages/parse.ts';
import { type About, type Going, positionsOf, positionsSection } from '../../state/about.ts';
import { DoneInputs } from '../../state/done-inputs.ts';
import { InputPlaces } from '../../state/input-places.ts';
import { type Measuring, measuringOf } from '../../state/measuring.ts';
import { removeTemporaries } from '../../state/replace-file.ts';
import { readState, type StateFile, understood, writeState } from '../../state/state-file.ts';
import type { Sections } from '../../state/state-parts.ts';
import type { RunOptions } from '../invocation.ts';
import type { Messages } from '../standard-error.ts';
import { version } from '../version.ts';
import { Patient } from './patient.ts';
import { admit, restOf } from './same-run.ts';
import { StateLock } from './state-lock.ts';

/** Between two checkpoints, milliseconds. */
const INTERVAL_MS = 10_000;
/** And so many times as long as the last one took: 3 % of the time at most go into them. */
const SHARE = 33;
/** Ticks that are held between two inputs, at most: a held one takes some 40 bytes. */
const MOST_HELD = 500_000;
/** How often it is looked whether something has come since, once one is due. Milliseconds. */
const LOOK_MS = 100;

export interface CheckpointsOptions {
  readonly path: string;
  readonly config: Config;
  readonly run: RunOptions;
  readonly restriction: RestrictionOptions | undefined;
  readonly messages: Messages;
  /** Milliseconds between two. */
  readonly interval?: number | undefined;
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
  private readonly options: CheckpointsOptions;
  private readonly lock: StateLock;
  private readonly measuring: Measuring;
  private readonly going: Going['rest'];
  /** Of the pipeline, when the last one was written. */
  private seen = '';
  private last = Number.NEGATIVE_INFINITY;
  private took = 0;
  private isOver = false;

  private constructor(options: CheckpointsOptions, lock: StateLock, before: StateFile | undefined) {
    this.options = options;
    this.lock = lock;
    this.before = before;
    this.measuring = measuringOf(options.config, options.restriction);
    this.going = restOf(options.config, options.run);
    this.inputs = new DoneInputs(before?.about.going?.done);
    this.places =
      before === undefined
        ? new InputPlaces()
        : understood(before.path, () => new InputPlaces(before.sections));
    if (before !== undefined) admit(before, this.measuring, this.going);
  }

  /** @throws {MirrormonError} USAGE where it is in use, STATE_UNUSABLE where this run cannot go on with it */
  static async open(options: CheckpointsOptions): Promise<Checkpoints> {
    const lock = await StateLock.take(options.path);
    try {
      await removeTemporaries(options.path);
      const before = existsSync(options.path) ? await readState(options.path) : undefined;
      return new Checkpoints(options, lock, before);
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
    if (before !== undefined) {
      understood(before.path, () => pipeline.state.mergeSections(before.sections, true));
      const { length } = this.inputs.list();
      this.options.messages.note(
        `goes on behind ${length} ${length === 1 ? 'file' : 'files'} that ${before.path} has`,
      );
    }
    // what is written from here on can be cut off again
    await this.write(pipeline);
  }

  /** Whether a file needs to be read no more. */
  skips(file: OpenFile): Promise<boolean> {
    return this.inputs.has(file);
  }

  /** Something failed or was told to end: what was written down last is where the next run goes on. */
  stop(): void {
    this.isOver = true;
  }

  /** The same chunks, with a checkpoint between two inputs where one is due, and behind the last. */
  async *between(chunks: AsyncIterable<Chunk>, pipeline: Pipeline): AsyncGenerator<Chunk> {
    let input: Input | undefined;
    for await (const chunk of chunks) {
      if ('input' in chunk && chunk.input !== input) {
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
        if (this.isDue() && this.seen !== seenBy(pipeline)) await this.rest(pipeline);
        const next = await source.next(this.isDue() ? LOOK_MS : this.dueIn());
        if (next?.done) break;
        if (next !== undefined) yield next.value;
      }
    } finally {
      source.return().catch(() => {});
    }
    await this.rest(pipeline);
  }

  async close(): Promise<void> {
    await this.lock.release();
  }

  private async rest(pipeline: Pipeline): Promise<void> {
    await pipeline.settled();
    await this.write(pipeline);
  }

  private isDue(): boolean {
    return this.dueIn() <= 0;
  }

  /** Milliseconds until the next one. */
  private dueIn(): number {
    const { interval = INTERVAL_MS } = this.options;
    const pause = interval === 0 ? 0 : Math.max(interval, SHARE * this.took);
    return this.last + pause - performance.now();
  }

  private async *settle({ name }: Input, pipeline: Pipeline, isLast: boolean): AsyncGenerator<Chunk> {
    yield { ends: true };
    await pipeline.settled();
    if (this.isOver) return;
    this.inputs.add(name);
    if (pipeline.state.heldTicks > MOST_HELD) pipeline.state.foldTicks();
    // a record that goes on in the next file is in no state
    if (pipeline.isAmidRecord()) return;
    if (isLast || this.isDue()) await this.write(pipeline);
  }

  private async write(pipeline: Pipeline): Promise<void> {
    const { path, messages } = this.options;
    const began = performance.now();
    try {
      await writeState(path, this.about(), await this.sections(pipeline));
      await pipeline.kept();
    } catch (error) {
      messages.warn(`${describeError(error)}; the state before it stays`);
    }
    this.last = performance.now();
    this.took = this.last - began;
  }

  /** Everything, of one moment: what the clock brings about meanwhile, such as a report, begins it anew. */
  private async sections(pipeline: Pipeline): Promise<Sections> {
    for (;;) {
      this.seen = seenBy(pipeline);
      const positions = positionsSection(await pipeline.positions());
      if (this.seen === seenBy(pipeline)) {
        return new Map([...pipeline.state.sections(), ['positions', positions], this.places.section()]);
      }
      await pipeline.settled();
    }
  }

  private about(): About {
    return {
      kind: 'checkpoint',
      program: version(),
      written: new Date().toISOString(),
      complete: true,
      measuring: this.measuring,
      inputs: [],
      going: { rest: this.going, done: this.inputs.list() },
    };
  }
}

/** What of a pipeline changes whenever something goes through it. */
function seenBy({ ledger }: Pipeline): string {
  return `${ledger.read.bytes} ${ledger.read.records} ${ledger.reports}`;
}
