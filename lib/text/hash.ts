/**
 * SipHash-1-3: a hash of 64 bits. Texts are hashed as WTF-8. Columns tell texts apart by it that are too many to be
 * interned (Column.hashesOf), so whoever parses must have the same hash:
 * lib/parse/scanner/assembly/dictionaries/text-hash.ts is the other place where it is written.
 *
 * The key is the same in every process, as states hold hashes and are merged with those of other processes. Tables in
 * which hashes are looked up therefore have a secret of their own, so that nobody can prepare texts that crowd together.
 */

/** Two numbers of 64 bits, the lower halves first: part of the format of states (lib/state). */
export const textKey: Uint32Array = Uint32Array.of(0x6d697272, 0x6f726d6f, 0x6e2d7465, 0x78742d31);

/** "somepseudorandomlygeneratedbytes", of which each of the four numbers has its upper half first. */
const START = Uint32Array.from([
  ...[0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462],
]);

/** Places of the four numbers of the state, each a lower half and an upper one. */
const A = 0;
const B = 2;
const C = 4;
const D = 6;
const state = new Uint32Array(8);

/** Writes the hash of a text's bytes to two words of `out`; never both 0, which means that there is no text. */
export function hashText(bytes: Buffer, out: Uint32Array, at: number, key: Uint32Array = textKey): void {
  for (let k = 0; k < 8; k++) state[k] = START[k]! ^ key[k & 3]!;
  const whole = bytes.length & ~7;
  for (let p = 0; p < whole; p += 8) absorb(bytes.readUInt32LE(p), bytes.readUInt32LE(p + 4));
  const last = Buffer.alloc(8);
  bytes.copy(last, 0, whole);
  last[7] = bytes.length;
  absorb(last.readUInt32LE(0), last.readUInt32LE(4));
  state[C]! ^= 0xff;
  for (let k = 0; k < 3; k++) round();
  const low = (state[A]! ^ state[B]! ^ state[C]! ^ state[D]!) >>> 0;
  const high = (state[A + 1]! ^ state[B + 1]! ^ state[C + 1]! ^ state[D + 1]!) >>> 0;
  out[at] = low === 0 && high === 0 ? 1 : low;
  out[at + 1] = high;
}

function absorb(low: number, high: number): void {
  state[D]! ^= low;
  state[D + 1]! ^= high;
  round();
  state[A]! ^= low;
  state[A + 1]! ^= high;
}

function round(): void {
  add(A, B);
  rotate(B, 13);
  mix(B, A);
  swap(A);
  add(C, D);
  rotate(D, 16);
  mix(D, C);
  add(A, D);
  rotate(D, 21);
  mix(D, A);
  add(C, B);
  rotate(B, 17);
  mix(B, C);
  swap(C);
}

function add(to: number, from: number): void {
  const low = state[to]! + state[from]!;
  state[to] = low;
  state[to + 1] = state[to + 1]! + state[from + 1]! + (low > 0xffffffff ? 1 : 0);
}

function mix(to: number, from: number): void {
  state[to]! ^= state[from]!;
  state[to + 1]! ^= state[from + 1]!;
}

/** To the left, by less than 32. */
function rotate(place: number, bits: number): void {
  const low = state[place]!;
  const high = state[place + 1]!;
  state[place] = (low << bits) | (high >>> (32 - bits));
  state[place + 1] = (high << bits) | (low >>> (32 - bits));
}

function swap(place: number): void {
  const low = state[place]!;
  state[place] = state[place + 1]!;
  state[place + 1] = low;
}
