/**
 * LZ4 frames, by lz4_Frame_format.md and lz4_Block_format.md of https://github.com/lz4/lz4 (doc/). What a frame has of
 * checksums is passed over: the record batch around it has one.
 */
const MAGIC: u32 = 0x184d2204;
const VERSION: u32 = 0b01;
const BLOCK_CHECKSUMS: u32 = 1 << 4;
const CONTENT_SIZE: u32 = 1 << 3;
const CONTENT_CHECKSUM: u32 = 1 << 2;
const DICTIONARY: u32 = 1;
/** Of a block's length: it is not packed. */
const PLAIN: u32 = 1 << 31;
const CHECKSUM_BYTES: usize = 4;
/** Of the largest blocks there are. */
const MOST_IN_BLOCK: u32 = 1 << 22;
const SHORTEST_MATCH: usize = 4;
const STEP: usize = 16;
/** What is copied of a match at once, because it is cheaper than to tell how long it is. */
const WIDE: usize = 3 * STEP;
/** What may be read and written for a sequence of less than 15 literals and the first of its match. */
const MOST_READ: usize = 2 * STEP;
const MOST_WRITTEN: usize = STEP + WIDE;

const DAMAGED: u32 = 0xffffffff;

/** Of the frame at hand. */
let flags: u32 = 0;
let inBlock: u32 = 0;

/** Whether a frame is here that can be read; gives the place of its first block, 0 if not. */
function firstBlock(at: usize, end: usize): usize {
  if (end - at < 7 || load<u32>(at) != MAGIC) return 0;
  flags = load<u8>(at, 4);
  if (flags >> 6 != VERSION || (flags & DICTIONARY) != 0) return 0;
  const size = (load<u8>(at, 5) >> 4) & 0b111;
  if (size < 4) return 0;
  inBlock = <u32>1 << (8 + 2 * size);
  return at + ((flags & CONTENT_SIZE) != 0 ? 15 : 7);
}

// @ts-ignore: decorator
@inline
function behindBlock(block: usize, length: usize): usize {
  return block + 4 + length + ((flags & BLOCK_CHECKSUMS) != 0 ? CHECKSUM_BYTES : 0);
}

// @ts-ignore: decorator
@inline
function behindFrame(mark: usize): usize {
  return mark + 4 + ((flags & CONTENT_CHECKSUM) != 0 ? CHECKSUM_BYTES : 0);
}

/** How many bytes frames may unpack to, by the number of their blocks; DAMAGED if that cannot be told. */
export function roomOf(from: usize, length: usize): u32 {
  const end = from + length;
  let room: u64 = 0;
  for (let at = from; at < end; ) {
    at = firstBlock(at, end);
    if (at == 0) return DAMAGED;
    while (true) {
      if (at + 4 > end) return DAMAGED;
      const word = load<u32>(at);
      if (word == 0) break;
      const size = word & ~PLAIN;
      if (size > MOST_IN_BLOCK) return DAMAGED;
      room += (word & PLAIN) != 0 ? size : inBlock;
      at = behindBlock(at, size);
    }
    at = behindFrame(at);
  }
  return room < DAMAGED ? <u32>room : DAMAGED;
}

/** Gives how many bytes the frames unpacked to, DAMAGED if they are. Memory behind `to` and `room` holds for 64 more. */
export function unpack(from: usize, length: usize, to: usize, room: u32): u32 {
  const end = from + length;
  const stop = to + room;
  let out = to;
  for (let at = from; at < end; ) {
    at = firstBlock(at, end);
    if (at == 0) return DAMAGED;
    const begin = out;
    while (true) {
      if (at + 4 > end) return DAMAGED;
      const word = load<u32>(at);
      if (word == 0) break;
      const size = <usize>(word & ~PLAIN);
      if (size > MOST_IN_BLOCK || size > end - at - 4) return DAMAGED;
      out = (word & PLAIN) != 0 ? plainBlock(at + 4, size, out, stop) : block(at + 4, size, out, stop, begin);
      if (out == 0) return DAMAGED;
      at = behindBlock(at, size);
    }
    at = behindFrame(at);
  }
  return <u32>(out - to);
}

function plainBlock(from: usize, size: usize, to: usize, stop: usize): usize {
  if (size > stop - to) return 0;
  copy(to, from, size);
  return to + size;
}

/** Unpacks a block, whose matches may lie in those before it, from `begin` on. Gives the place behind, 0 if it is damaged. */
function block(from: usize, size: usize, to: usize, stop: usize, begin: usize): usize {
  const end = from + size;
  // before them nothing short reaches either end
  const easyEnd = end - min(size, MOST_READ);
  const easyStop = stop - min(stop - to, MOST_WRITTEN);
  let at = from;
  let out = to;
  while (at < end) {
    const token = <usize>load<u8>(at++);
    let literals = token >> 4;
    let length = token & 15;
    if (literals != 15 && at < easyEnd && out < easyStop) {
      v128.store(out, v128.load(at));
      const mark = at + literals;
      const isLong = length == 15;
      const more = <usize>load<u8>(mark, 2);
      const distance = <usize>load<u16>(mark);
      const next = out + literals;
      if (distance >= STEP && distance <= next - begin && !(isLong && more == 255)) {
        at = mark + 2 + <usize>isLong;
        length += SHORTEST_MATCH + (isLong ? more : 0);
        const match = next - distance;
        copyWide(next, match);
        if (length > WIDE) {
          if (length > stop - next) return 0;
          copy(next + WIDE, match + WIDE, length - WIDE);
        }
        out = next + length;
        continue;
      }
      at = mark;
      out = next;
    } else {
      if (literals == 15) {
        at = lengthBehind(at, end);
        literals += extra;
      }
      if (at > end || literals > end - at || literals > stop - out) return 0;
      copy(out, at, literals);
      at += literals;
      out += literals;
      // the last sequence has no match
      if (at == end) return out;
    }
    if (end - at < 2) return 0;
    const distance = <usize>load<u16>(at);
    at += 2;
    if (length == 15) {
      at = lengthBehind(at, end);
      length += extra;
    }
    length += SHORTEST_MATCH;
    if (distance == 0 || distance > out - begin || length > stop - out) return 0;
    if (distance >= STEP) copy(out, out - distance, length);
    else repeat(out, distance, length);
    out += length;
  }
  return 0;
}

/** What further bytes of a length add to it. */
let extra: usize = 0;

/** Gives the place behind them: behind `end` where that comes before their last. */
// @ts-ignore: decorator
@inline
function lengthBehind(from: usize, end: usize): usize {
  let at = from;
  let sum: usize = 0;
  let byte: usize = 255;
  while (byte == 255 && at < end) {
    byte = <usize>load<u8>(at++);
    sum += byte;
  }
  extra = sum;
  return byte == 255 ? end + 1 : at;
}

/** In steps, so that up to STEP bytes more are read and written. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, length: usize): void {
  let k: usize = 0;
  do {
    v128.store(to + k, v128.load(from + k));
    k += STEP;
  } while (k < length);
}

// @ts-ignore: decorator
@inline
function copyWide(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
}

/** A match that goes on in what it writes, as the same few bytes again and again. */
function repeat(to: usize, distance: usize, length: usize): void {
  // from so far before on, what a step takes is there
  const period = distance * ((STEP - 1) / distance + 1);
  const first = min(length, period);
  for (let k: usize = 0; k < first; k++) store<u8>(to + k, load<u8>(to + k - distance));
  if (length > period) copy(to + period, to, length - period);
}
