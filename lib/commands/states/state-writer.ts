import { describeError } from '../../errors.ts';
import type { Pipeline } from '../../pipeline.ts';
import { type About, type Going, positionsSection } from '../../state/about.ts';
import type { DoneInputs } from '../../state/done-inputs.ts';
import type { InputPlaces } from '../../state/input-places.ts';
import type { Measuring } from '../../state/measuring.ts';
import { writeState } from '../../state/state-file.ts';
import type { Sections } from '../../state/state-parts.ts';
import type { Messages } from '../standard-error.ts';
import { version } from '../version.ts';

/** Between two checkpoints, milliseconds. */
const INTERVAL_MS = 10_000;
/** And so many times as long as the last one took: 3 % of the time at most go into them. */
const SHARE = 33;

export interface StateWriterOptions {
  readonly path: string;
  readonly messages: Messages;
  /** Milliseconds between two. */
  readonly interval?: number | undefined;
}

/**
 * Writes checkpoints. What is in one is taken while the pipeline rests; it is packed and written while the pipeline goes
 * on.
 */
export class StateWriter {
  private readonly options: StateWriterOptions;
  private readonly measuring: Measuring;
  private readonly going: Going['rest'];
  /** Of the pipeline, when the last one was taken. */
  private seen = '';
  /** When the next one is due, on the clock of `performance`. */
  private due = Number.NEGATIVE_INFINITY;
  /** Settles with whether what was taken last is written. */
  private writing: Promise<boolean> = Promise.resolve(false);
  private isFailing = false;

  constructor(options: StateWriterOptions, measuring: Measuring, going: Going['rest']) {
    this.options = options;
    this.measuring = measuring;
    this.going = going;
  }

  get isDue(): boolean {
    return this.dueIn <= 0;
  }

  /** Milliseconds until the next one. */
  get dueIn(): number {
    return this.due - performance.now();
  }

  /** Whether something has gone through the pipeline since the last one. */
  hasNews(pipeline: Pipeline): boolean {
    return this.seen !== seenBy(pipeline);
  }

  /** Takes a checkpoint; nothing may be under way. */
  async write(pipeline: Pipeline, inputs: DoneInputs, places: InputPlaces): Promise<void> {
    const { path, interval = INTERVAL_MS } = this.options;
    await this.keep(pipeline);
    const began = performance.now();
    try {
      const sections = await this.sections(pipeline, places);
      this.writing = this.finish(writeState(path, this.about(inputs), sections), began);
    } catch (error) {
      this.failed(error);
    }
    this.due = interval === 0 ? 0 : performance.now() + interval;
  }

  /** What was taken last is written, or it was told that it is not. */
  async written(): Promise<void> {
    await this.writing;
  }

  /** The same; what only an older one needs may go then. Nothing may be under way. */
  async keep(pipeline: Pipeline): Promise<void> {
    if (await this.writing) await pipeline.kept();
    this.writing = Promise.resolve(false);
  }

  private async finish(written: Promise<void>, began: number): Promise<boolean> {
    const { interval } = this.options;
    try {
      await written;
      if (this.isFailing) this.options.messages.tell(`${this.options.path}: the state is written again`);
      this.isFailing = false;
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      const now = performance.now();
      if (interval !== 0) this.due = Math.max(this.due, now + SHARE * (now - began));
    }
  }

  private failed(error: unknown): void {
    if (!this.isFailing) this.options.messages.tell(`${describeError(error)}; the state before it stays`);
    this.isFailing = true;
  }

  /** Everything, of one moment: what the clock brings about meanwhile, such as a report, begins it anew. */
  private async sections(pipeline: Pipeline, places: InputPlaces): Promise<Sections> {
    for (;;) {
      this.seen = seenBy(pipeline);
      const positions = positionsSection(await pipeline.positions());
      const { section, ahead } = places.section();
      const sections = this.hasNews(pipeline) ? undefined : await pipeline.state.goingOn(ahead);
      if (sections !== undefined && !this.hasNews(pipeline)) {
        return new Map([...sections, ['positions', positions], section]);
      }
      await pipeline.settled();
    }
  }

  private about({ done, amid }: DoneInputs): About {
    return {
      kind: 'checkpoint',
      program: version(),
      written: new Date().toISOString(),
      complete: true,
      measuring: this.measuring,
      inputs: [],
      going: { rest: this.going, done, amid },
    };
  }
}

/** What of a pipeline changes whenever something goes through it. */
function seenBy({ ledger }: Pipeline): string {
  return `${ledger.read.bytes} ${ledger.read.records} ${ledger.reports}`;
}
