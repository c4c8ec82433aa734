import type { FileRange } from '../../parser.ts';
import type { RangeOrder } from './worker-messages.ts';
import type { Lane, Task } from './worker-thread.ts';

/**
 * Lines of a file that one worker reads: those that begin in [start, stop). What belongs together, as a session's start
 * and end do, then meets in one memory.
 */
export class Stripe {
  readonly lane: Lane;
  /** What has been given and not delivered, in the order of the file. */
  readonly tasks: Task[] = [];
  /** Where it begins, and whether a line is known to. */
  readonly start: { readonly start: number; readonly atLine: boolean };
  private end: number;
  /** Where what was not given yet begins, and whether a line is known to. */
  private at: number;
  atLine: boolean;

  constructor(lane: Lane, start: number, stop: number, atLine: boolean) {
    this.lane = lane;
    this.start = { start, atLine };
    this.at = start;
    this.end = stop;
    this.atLine = atLine;
  }

  get next(): number {
    return this.at;
  }

  get stop(): number {
    return this.end;
  }

  get hasMore(): boolean {
    return this.at < this.end;
  }

  /** Cuts off the next range of at most so many bytes, to be read in pieces. */
  range(bytes: number, piece: number, { descriptor, to: limit }: FileRange): RangeOrder {
    const { at: start, atLine } = this;
    this.at = Math.min(start + bytes, this.end);
    this.atLine = false;
    return { descriptor, start, stop: this.at, limit, atLine, piece };
  }

  /** What begins there is to be given anew: of the tasks so many stay. */
  rewind({ start, atLine }: Pick<RangeOrder, 'start' | 'atLine'>, tasks: number): void {
    this.tasks.length = tasks;
    this.at = start;
    this.atLine = atLine;
  }

  /** Somebody else has read up to a line. */
  goOnAt(line: number): void {
    this.at = Math.min(line, this.end);
    this.atLine = line < this.end;
  }

  /** Ends with what was given. */
  cutOff(): void {
    this.end = this.at;
  }
}
