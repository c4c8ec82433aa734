import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Input } from '../../batch/batch.ts';
import type { Config } from '../../config.ts';
import { describeError, MirrormonError } from '../../errors.ts';
import type { RestrictionOptions } from '../../filters/restriction.ts';
import type { OpenFile } from '../../inputs/open-file.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { Chunk } from '../../stages/parse.ts';
import { type About, type Going, positionsOf, positionsSection } from '../../state/about.ts';
import { DoneInputs } from '../../state/done-inputs.ts';
import { differences, type Measuring, measuringOf } from '../../state/measuring.ts';
import { removeTemporaries } from '../../state/replace-file.ts';
import { readState, type StateFile, understood, writeState } from '../../state/state-file.ts';
import type { RunOptions } from '../invocation.ts';
import type { Io } from '../io.ts';
import type { Messages } from '../standard-error.ts';
import { version } from '../version.ts';
import { refuseUnresumable } from './resumable.ts';
import { StateLock } from './state-lock.ts';

/** Between two checkpoints, milliseconds. */
const INTERVAL_MS = 10_000;
/** And so many times as long as the last one took: 3 % of the time at most go into them. */
const SHARE = 33;
/** Ticks that are held between two inputs, at most: a held one takes some 40 bytes. */
const MOST_HELD = 500_000;

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
  private readonly options: CheckpointsOptions;
  private readonly lock: StateLock;
  private readonly measuring: Measuring;
  private last = Number.NEGATIVE_INFINITY;
  private took = 0;
  private isOver = false;

  private constructor(options: CheckpointsOptions, lock: StateLock, before: StateFile | undefined) {
    this.options = options;
    this.lock = lock;
    this.before = before;
    this.measuring = measuringOf(options.config, options.restriction);
    this.inputs = new DoneInputs(before?.about.going?.done);
    if (before !== undefined) this.admit(before);
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
    await this.write(pipeline, true);
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

  async close(): Promise<void> {
    await this.lock.release();
  }

  private async *settle({ name }: Input, pipeline: Pipeline, isLast: boolean): AsyncGenerator<Chunk> {
    yield { ends: true };
    await pipeline.settled();
    if (this.isOver) return;
    this.inputs.add(name);
    if (pipeline.state.heldTicks > MOST_HELD) pipeline.state.foldTicks();
    // a record that goes on in the next file is in no state
    if (pipeline.isAmidRecord()) return;
    await this.write(pipeline, isLast);
  }

  private async write(pipeline: Pipeline, isDue: boolean): Promise<void> {
    const { path, messages, interval = INTERVAL_MS } = this.options;
    const began = performance.now();
    if (!isDue && began - this.last < Math.max(interval, interval === 0 ? 0 : SHARE * this.took)) return;
    try {
      const positions = positionsSection(await pipeline.positions());
      const sections = new Map([...pipeline.state.sections(), ['positions', positions]] as const);
      await writeState(path, this.about(), sections);
      await pipeline.kept();
    } catch (error) {
      messages.warn(`${describeError(error)}; the state before it stays`);
    }
    this.last = performance.now();
    this.took = this.last - began;
  }

  private about(): About {
    return {
      kind: 'checkpoint',
      program: version(),
      written: new Date().toISOString(),
      complete: true,
      measuring: this.measuring,
      inputs: [],
      going: { rest: restOf(this.options), done: this.inputs.list() },
    };
  }

  private admit({ path, about }: StateFile): void {
    if (about.kind !== 'checkpoint' || about.going === undefined) {
      throw new MirrormonError('STATE_UNUSABLE', 'it is a partial, from which no run goes on', {
        where: path,
        hint: 'name another file',
      });
    }
    const names = differences(about.measuring, this.measuring);
    const rest = restOf(this.options);
    if (names.length === 0) names.push(...differences(about.going.rest, rest));
    if (names.length === 0) return;
    throw new MirrormonError(
      'STATE_UNUSABLE',
      `it is of a run with another configuration: ${names.slice(0, 3).join(', ')} ${names.length === 1 ? 'differs' : 'differ'}`,
      {
        where: path,
        hint: 'go on with the same configuration and options, or name another file to begin anew',
      },
    );
  }
}

/** What else decides what is written, hashed, as it may hold secrets. */
function restOf({ config, run }: Pick<CheckpointsOptions, 'config' | 'run'>): Going['rest'] {
  const { handlers, metrics, operator } = config;
  const hash = (value: unknown): string =>
    createHash('sha256')
      // where a setting was written does not matter
      .update(JSON.stringify(value, (key, part: unknown) => (key === 'place' ? undefined : part)) ?? '')
      .digest('hex');
  return {
    handlers: hash(handlers),
    operator: hash(operator),
    metrics: {
      reportInterval: metrics.reportInterval,
      report: metrics.report,
      expireAfter: metrics.expireAfter,
    },
    options: hash([run.inputFormat, run.records, run.deadLetters, run.ledger === undefined]),
  };
}

interface Asked {
  readonly options: RunOptions;
  readonly config: Config;
  readonly files: readonly string[];
  readonly isLive: boolean;
  readonly restriction: RestrictionOptions | undefined;
  readonly io: Pick<Io, 'env'>;
  readonly messages: Messages;
}

/** What --state asks for; undefined if nothing. @throws {MirrormonError} where this run could not go on, or not from there */
export async function checkpointsOf(asked: Asked): Promise<Checkpoints | undefined> {
  const { options, config, restriction, io, messages } = asked;
  if (options.state === undefined) return undefined;
  refuseUnresumable(asked);
  // for tests, which cannot wait for long
  const { MIRRORMON_STATE_INTERVAL: interval } = io.env;
  return Checkpoints.open({
    ...{ path: options.state, config, run: options, restriction, messages },
    interval: interval === undefined ? undefined : Number(interval),
  });
}
