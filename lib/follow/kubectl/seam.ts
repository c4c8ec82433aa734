/**
 * Which lines of a log were seen before, where it comes in sessions that overlap: each session repeats something of the
 * one before it, and not always in the same order. A line is known by its time and its content.
 */

import { hash } from 'node:crypto';
import { behindSource, behindTime } from '../../framings/prefix.ts';
import { parseTimestamp } from '../../text/time.ts';

/** How far back the next session is to begin, milliseconds: lines that came in another order lie closer together. */
const OVERLAP_MS = 5_000;
/** kubectl takes whole seconds. */
const SECOND = 1_000;
/** Lines that are remembered at least, as far as they have come; and at most, although a session may repeat more. */
const FEWEST_KEPT = 1 << 14;
const MOST_KEPT = 1 << 20;
/** Of a line, bytes that tell it from others. */
const MOST_HASHED = 1 << 16;
/** Bytes that the names of a pod and its container may take before it. */
const MOST_PREFIX = 1 << 10;

/** Numbers before the lines, in a state. */
const TIMES = 6;

/** What one connection gave last. */
interface Run {
  key: number;
  /** How often it came, one after the other. */
  length: number;
  /** It has given something new, so what it gives from now on is no repetition of what is forgotten. */
  isPast: boolean;
}

export class Seam {
  /** Lines, and how often each was admitted; the older half is forgotten at once. */
  private young = new Map<number, number>();
  private old = new Map<number, number>();
  /** When the first of the young ones was written. */
  private youngFrom = Number.NaN;
  /** Times of the newest of the young, the old and the forgotten ones. */
  private youngNewest = Number.NEGATIVE_INFINITY;
  private oldNewest = Number.NEGATIVE_INFINITY;
  private forgotten = Number.NEGATIVE_INFINITY;
  private last = Number.NaN;

  /** @param state of one that went before, as `state` gives it */
  constructor(state?: Uint8Array) {
    if (state === undefined || state.length === 0) return;
    const numbers = new Float64Array(Uint8Array.from(state).buffer);
    const [youngFrom, youngNewest, oldNewest, forgotten, last, young] = numbers;
    Object.assign(this, { youngFrom, youngNewest, oldNewest, forgotten, last });
    const lines = numbers.subarray(TIMES);
    for (let k = 0; k < lines.length; k += 2) {
      (k < 2 * young! ? this.young : this.old).set(lines[k]!, lines[k + 1]!);
    }
  }

  /** Everything that is known, as bytes: 16 a line. */
  state(): Uint8Array {
    const { youngFrom, youngNewest, oldNewest, forgotten, last, young, old } = this;
    const times = [youngFrom, youngNewest, oldNewest, forgotten, last, young.size];
    return Buffer.from(Float64Array.from([...times, ...[...young, ...old].flat()]).buffer);
  }

  /** When the newest line was written, milliseconds; undefined before the first that says. */
  get newest(): number | undefined {
    const newest = Math.max(this.youngNewest, this.oldNewest);
    return Number.isFinite(newest) ? newest : undefined;
  }

  /** Where the next session is to begin so that nothing is missing, milliseconds; undefined: at the beginning. */
  get resumeAt(): number | undefined {
    return Number.isNaN(this.last) ? undefined : Math.floor((this.last - OVERLAP_MS) / SECOND) * SECOND;
  }

  /** @param isOther another instance writes this log now: nothing that it wrote can be forgotten */
  session(isOther = false): SeamSession {
    return new SeamSession((line, run) => this.admit(line, run), isOther);
  }

  private admit(line: Buffer, run: Run): boolean {
    const key = keyOf(line);
    const { ms, isFine } = timeOf(line);
    // one line cannot be written twice in a nanosecond; where clocks are coarse, neighbours that are equal are two lines
    run.length = run.key === key && !isFine ? run.length + 1 : 1;
    run.key = key;
    if (!run.isPast && ms <= this.forgotten) return false;
    const admitted = this.young.get(key) ?? this.old.get(key) ?? 0;
    if (run.length <= admitted) return false;
    run.isPast = true;
    this.remember(key, run.length, ms);
    return true;
  }

  private remember(key: number, times: number, ms: number): void {
    if (!Number.isNaN(ms)) {
      this.last = ms;
      if (Number.isNaN(this.youngFrom)) this.youngFrom = ms;
      this.youngNewest = Math.max(this.youngNewest, ms);
    }
    this.young.set(key, times);
    const { size } = this.young;
    const isEnough = size >= FEWEST_KEPT && !(ms - this.youngFrom < OVERLAP_MS + 2 * SECOND);
    if (!isEnough && size < MOST_KEPT / 2) return;
    this.forgotten = Math.max(this.forgotten, this.oldNewest);
    this.old = this.young;
    this.oldNewest = this.youngNewest;
    this.young = new Map();
    this.youngFrom = Number.NaN;
    this.youngNewest = Number.NEGATIVE_INFINITY;
  }
}

/** The lines of one connection, in the order in which they come. */
export class SeamSession {
  private readonly admitting: (line: Buffer, run: Run) => boolean;
  private readonly run: Run;

  constructor(admit: (line: Buffer, run: Run) => boolean, isOther: boolean) {
    this.admitting = admit;
    this.run = { key: Number.NaN, length: 0, isPast: isOther };
  }

  /** Whether this line, without its end, is new. */
  admit(line: Buffer): boolean {
    return this.admitting(line, this.run);
  }
}

/** 53 bits of a hash. */
function keyOf(line: Buffer): number {
  const digest = hash('sha1', line.length > MOST_HASHED ? line.subarray(0, MOST_HASHED) : line, 'binary');
  let key = digest.charCodeAt(6) & 31;
  for (let k = 0; k < 6; k++) key = key * 256 + digest.charCodeAt(k);
  return key;
}

/** When kubectl says that a line was written: milliseconds, NaN if it does not; and whether it knows more than those. */
function timeOf(line: Buffer): { ms: number; isFine: boolean } {
  const start = behindSource(line, 0, Math.min(line.length, MOST_PREFIX));
  const end = behindTime(line, start, line.length);
  const time = line.toString('latin1', start, end).trimEnd();
  const [, below = ''] = /\.\d{3}(\d*)/.exec(time) ?? [];
  return { ms: parseTimestamp(time), isFine: /[1-9]/.test(below) };
}
