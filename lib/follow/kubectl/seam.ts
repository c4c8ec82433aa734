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

/** A line that was given, and may not be measured yet. */
interface GivenLine {
  /** Bytes that were given up to its end. */
  end: number;
  readonly key: number;
  readonly times: number;
  /** As they were before it. */
  readonly last: number;
  readonly forgotten: number;
}

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
  private readonly isAmid: boolean;
  /** Those that a state must not know yet, oldest first; undefined where no state is asked for. */
  private given: GivenLine[] | undefined;
  /** Bytes of lines that were new, with their ends, since `begin`. */
  at = 0;

  /**
   * @param state of one that went before, as `state` gives it
   * @param isAmid whether the log may have lines before the first that is given, which nobody wants
   */
  constructor(state?: Uint8Array, isAmid = false) {
    this.isAmid = isAmid;
    if (state === undefined || state.length === 0) return;
    const numbers = new Float64Array(Uint8Array.from(state).buffer);
    const [youngFrom, youngNewest, oldNewest, forgotten, last, young] = numbers;
    Object.assign(this, { youngFrom, youngNewest, oldNewest, forgotten, last });
    const lines = numbers.subarray(TIMES);
    for (let k = 0; k < lines.length; k += 2) {
      (k < 2 * young! ? this.young : this.old).set(lines[k]!, lines[k + 1]!);
    }
  }

  /** From now on it is kept which lines were given last, counted anew: those before have been measured. */
  begin(): void {
    this.at = 0;
    this.given = [];
  }

  /** Lines up to this place have been measured, and need not be told from others any more. */
  measured(place: number): void {
    const { given } = this;
    if (given === undefined) return;
    const first = given.findIndex(({ end }) => end > place);
    given.splice(0, first < 0 ? given.length : first);
  }

  /** Everything that is known, as bytes: 16 a line; but for lines that were given behind a place, and will come again. */
  state(place = Number.POSITIVE_INFINITY): Uint8Array {
    this.measured(place);
    const { youngFrom, youngNewest, oldNewest, young, old, given } = this;
    const first = given?.[0];
    const before = timesBefore(given ?? []);
    const { forgotten, last } = first ?? { forgotten: this.forgotten, last: this.last };
    const numbers = [youngFrom, youngNewest, oldNewest, forgotten, last, 0];
    let youngSize = 0;
    for (const lines of [young, old]) {
      for (const [key, now] of lines) {
        const times = before.get(key) ?? now;
        if (times === 0) continue;
        numbers.push(key, times);
        if (lines === young) youngSize++;
      }
    }
    numbers[TIMES - 1] = youngSize;
    return Buffer.from(Float64Array.from(numbers).buffer);
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
    return new SeamSession(this, isOther);
  }

  /** More of the line that was admitted last. */
  extend(bytes: number): void {
    this.at += bytes;
    const line = this.given?.at(-1);
    if (line !== undefined) line.end = this.at;
  }

  /** @param run of the connection that gave it, which is kept up */
  admit(line: Buffer, run: Run): boolean {
    const key = keyOf(line);
    const { ms, isFine } = timeOf(line);
    // one line cannot be written twice in a nanosecond; where clocks are coarse, neighbours that are equal are two lines
    run.length = run.key === key && !isFine ? run.length + 1 : 1;
    run.key = key;
    if (!run.isPast && ms <= this.forgotten) return false;
    const admitted = this.young.get(key) ?? this.old.get(key) ?? 0;
    if (run.length <= admitted) return false;
    run.isPast = true;
    this.at += line.length + 1;
    const { at: end, last, forgotten } = this;
    this.given?.push({ end, key, times: run.length, last, forgotten });
    this.remember(key, run.length, ms);
    return true;
  }

  private remember(key: number, times: number, ms: number): void {
    if (!Number.isNaN(ms)) {
      if (this.isAmid && Number.isNaN(this.last)) this.forgotten = ms - 1;
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
  private readonly seam: Seam;
  private readonly run: Run;

  constructor(seam: Seam, isOther: boolean) {
    this.seam = seam;
    this.run = { key: Number.NaN, length: 0, isPast: isOther };
  }

  /** Whether this line, without its end, is new. */
  admit(line: Buffer): boolean {
    return this.seam.admit(line, this.run);
  }

  /** More of the line that was new, which is too long to be had as a whole. */
  extend(bytes: number): void {
    this.seam.extend(bytes);
  }
}

/** How often lines had been given before any of these was. */
function timesBefore(given: readonly GivenLine[]): Map<number, number> {
  const before = new Map<number, number>();
  for (const { key, times } of given) {
    if (!before.has(key)) before.set(key, times - 1);
  }
  return before;
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
