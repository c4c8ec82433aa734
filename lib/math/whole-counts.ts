import { stretched } from './growth.ts';

/** What a place holds; all beyond it is kept apart. */
const WORD = 2 ** 32;

/** Many counts side by side, whole numbers up to 2^53, in 4 bytes each as long as they are below 2^32. */
export class WholeCounts {
  private words: Uint32Array;
  /** Of counts that have outgrown their places: by place, the multiple of 2^32. */
  private readonly beyond = new Map<number, number>();

  /** @param room how many */
  constructor(room: number) {
    this.words = new Uint32Array(room);
  }

  get room(): number {
    return this.words.length;
  }

  /** Makes room for more, all 0. */
  grow(room: number): void {
    this.words = stretched(this.words, room);
  }

  add(place: number, count: number): void {
    const sum = this.words[place]! + count;
    this.words[place] = sum;
    if (sum >= WORD) this.beyond.set(place, (this.beyond.get(place) ?? 0) + sum - (sum % WORD));
  }

  /** Copies of places from..to-1. */
  slice(from: number, to: number): Float64Array {
    const counts = Float64Array.from(this.words.subarray(from, to));
    for (const [place, count] of this.beyond) if (place >= from && place < to) counts[place - from]! += count;
    return counts;
  }

  /** Makes places from..to-1 zero. */
  clear(from: number, to: number): void {
    this.words.fill(0, from, to);
    for (const place of this.beyond.keys()) if (place >= from && place < to) this.beyond.delete(place);
  }
}
