import { randomBytes } from 'node:crypto';
import { grown } from '../math/growth.ts';
import { mixed } from './pair-table.ts';
import { UNKNOWN } from './session-table.ts';

/** Copied targets that are kept; beyond it they are only counted. */
const MOST_COPIES = 100_000;
const FIRST_ROOM = 1024;

/** Targets that were copied. No session is named there, so they are given to one when all is read. */
export class Copies {
  /** All of them, also those beyond the bound. */
  count = 0;
  /** Those that are kept, as columns; times are milliseconds since the epoch. */
  length = 0;
  client = new Uint32Array(FIRST_ROOM);
  target = new Uint32Array(FIRST_ROOM);
  time = new Float64Array(FIRST_ROOM);
  scaleDown = new Uint8Array(FIRST_ROOM);
  /** Rows plus one by a hash of what tells copies apart; 0 = none. */
  private index = new Uint32Array(2 * FIRST_ROOM);
  /** So that nobody can prepare copies that crowd together. */
  private readonly secret = randomBytes(4).readInt32LE();
  private readonly double = new Float64Array(1);
  private readonly words = new Uint32Array(this.double.buffer);

  /** One that is told again is the same, and scaled down if any of them says so, whichever comes first. */
  add(client: number, target: number, time: number, scaleDown: boolean): void {
    let place = this.placeOf(client, target, time);
    const known = this.index[place]!;
    if (known !== 0) {
      if (scaleDown) this.scaleDown[known - 1] = 1;
      return;
    }
    this.count++;
    if (this.length >= MOST_COPIES) return;
    if (this.length === this.time.length) {
      this.grow();
      place = this.placeOf(client, target, time);
    }
    const row = this.length++;
    this.client[row] = client;
    this.target[row] = target;
    this.time[row] = time;
    this.scaleDown[row] = Number(scaleDown);
    this.index[place] = row + 1;
  }

  /** @param clients by the other's id, ours; likewise targets */
  merge(other: Copies, clients: Uint32Array, targets: Uint32Array): void {
    for (let row = 0; row < other.length; row++) {
      this.add(
        clients[other.client[row]!] ?? UNKNOWN,
        targets[other.target[row]!] ?? UNKNOWN,
        other.time[row]!,
        other.scaleDown[row] === 1,
      );
    }
    this.count += other.count - other.length;
  }

  /** Where the index has that copy, or would have it. */
  private placeOf(client: number, target: number, time: number): number {
    const { index } = this;
    const mask = index.length - 1;
    this.double[0] = time;
    let hash = mixed(mixed(this.secret, client), target);
    hash = mixed(mixed(hash, this.words[0]!), this.words[1]!);
    let place = hash & mask;
    for (;;) {
      const row = index[place]! - 1;
      if (row < 0) return place;
      if (this.time[row] === time && this.client[row] === client && this.target[row] === target) return place;
      place = (place + 1) & mask;
    }
  }

  private grow(): void {
    const room = 2 * this.time.length;
    this.client = grown(this.client, room);
    this.target = grown(this.target, room);
    this.time = grown(this.time, room);
    this.scaleDown = grown(this.scaleDown, room);
    this.index = new Uint32Array(2 * room);
    for (let row = 0; row < this.length; row++) {
      this.index[this.placeOf(this.client[row]!, this.target[row]!, this.time[row]!)] = row + 1;
    }
  }
}
