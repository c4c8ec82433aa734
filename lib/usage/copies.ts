import { randomBytes } from 'node:crypto';
import { grown } from '../math/growth.ts';
import { compareStrings } from '../text/compare.ts';
import { mixed } from './pair-table.ts';
import { UNKNOWN } from './session-table.ts';

/** Copied targets that are kept, the newest; beyond it they are only counted. */
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
  private readonly nameOf: (client: number, target: number) => string;
  private readonly most: number;
  /** Of those that are older, none is kept. */
  private oldest = Number.NEGATIVE_INFINITY;

  /** @param nameOf what tells those of one time apart, whatever ids they have */
  constructor(nameOf: (client: number, target: number) => string = () => '', most = MOST_COPIES) {
    this.nameOf = nameOf;
    this.most = most;
  }

  /** One that is told again is the same, and scaled down if any of them says so, whichever comes first. */
  add(client: number, target: number, time: number, scaleDown: boolean): void {
    if (time < this.oldest) {
      this.count++;
      return;
    }
    let place = this.placeOf(client, target, time);
    const known = this.index[place]!;
    if (known !== 0) {
      if (scaleDown) this.scaleDown[known - 1] = 1;
      return;
    }
    this.count++;
    if (this.length === 2 * this.most) {
      this.keepNewest();
      place = this.placeOf(client, target, time);
    }
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

  /** Lets go of all but the newest, of one time by their names, so that it does not matter in which order they came. */
  keepNewest(): void {
    const { length, most, time, client, target, scaleDown } = this;
    if (length <= most) return;
    const oldest = time.slice(0, length).sort()[length - most]!;
    const equal: number[] = [];
    let newer = 0;
    for (let row = 0; row < length; row++) {
      if (time[row] === oldest) equal.push(row);
      else if (time[row]! > oldest) newer++;
    }
    const kept = new Set(this.byName(equal).slice(0, most - newer));
    this.length = 0;
    for (let row = 0; row < length; row++) {
      if (!(time[row]! > oldest || kept.has(row))) continue;
      const at = this.length++;
      time[at] = time[row]!;
      client[at] = client[row]!;
      target[at] = target[row]!;
      scaleDown[at] = scaleDown[row]!;
    }
    this.oldest = oldest;
    this.reindex(this.index.length);
  }

  private byName(rows: readonly number[]): number[] {
    const named = rows.map((row) => ({ row, name: this.nameOf(this.client[row]!, this.target[row]!) }));
    return named.sort((a, b) => compareStrings(a.name, b.name)).map(({ row }) => row);
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
    this.reindex(2 * room);
  }

  private reindex(room: number): void {
    this.index = new Uint32Array(room);
    for (let row = 0; row < this.length; row++) {
      this.index[this.placeOf(this.client[row]!, this.target[row]!, this.time[row]!)] = row + 1;
    }
  }
}
