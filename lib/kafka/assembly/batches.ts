/**
 * Goes through the record batches of a fetch, and joins the values of their records, batch after batch. What is rare is
 * left to the host: other codecs than LZ4, old formats, whatever is damaged.
 */
import { begin, fill, isDone, records, tombstones, valueBytes } from './join';
import { roomOf, unpack } from './lz4';

/** CRC-32C, by the host: processors have an instruction for it, which WebAssembly lacks. */
// @ts-ignore: decorator
@external("env", "checksum")
declare function checksum(from: usize, length: usize): u32;

/** What `fillAll` ends with: the room is full; no whole batch is left; the host is to read the batch at hand. */
const FULL: u32 = 0;
const OVER: u32 = 1;
const FOREIGN: u32 = 2;

/** See lib/kafka/record-batches.ts. */
const HEADER: usize = 61;
const UNCOUNTED: usize = 12;
const FORMAT: u8 = 2;
const CODEC: u16 = 0b111;
const APPEND_TIME: u16 = 0b1000;
const CONTROL: u16 = 0b100000;
const LZ4: u16 = 3;

/** Where the next batch begins, and the fetch ends. */
export let at: usize = 0;
let end: usize = 0;
let lowest: f64 = 0;
let highest: f64 = 0;
/** Where batches are unpacked to. */
let spare: usize = 0;
let spareBytes: u32 = 0;
/** The batch at hand has values that were not written yet. */
let isAmid: bool = false;

/** Of the batches that `fillAll` has turned to: their records with a value and without one, and the bytes of values. */
export let allRecords: u32 = 0;
export let allTombstones: u32 = 0;
export let allBytes: f64 = 0;
/** The offset behind the last one of them; NaN of none. */
export let nextOffset: f64 = 0;
/** Records that `fillAll` has begun. */
export let begun: u32 = 0;
/** Why it has written no more. */
export let ending: u32 = 0;
/** Bytes that the batch which was left to the host may unpack to; 0 where it was not for want of room. */
export let wantedRoom: u32 = 0;

/** Takes what was fetched, or what is left of it. */
export function beginAll(from: usize, length: usize, least: f64, limit: f64, room: usize, roomBytes: u32): void {
  at = from;
  end = from + length;
  lowest = least;
  highest = limit;
  spare = room;
  spareBytes = roomBytes;
  isAmid = false;
}

/** As `fill` of a batch, for all that there are. Gives the bytes written; see `ending`. */
export function fillAll(
  to: usize,
  room: usize,
  most: u32,
  starts: usize,
  offsets: usize,
  times: usize,
  base: u32,
): u32 {
  let out: usize = 0;
  begun = 0;
  allRecords = 0;
  allTombstones = 0;
  allBytes = 0;
  nextOffset = NaN;
  while (true) {
    if (!isAmid) {
      ending = turnToNext();
      if (ending != FULL) break;
    }
    const k = <usize>begun;
    const places = starts + (k << 2);
    out += fill(to + out, room - out, most - begun, places, offsets + (k << 3), times + (k << 3), base + <u32>out);
    begun += records;
    if (!isDone()) {
      ending = FULL;
      break;
    }
    isAmid = false;
  }
  return <u32>out;
}

/** Takes the next batch that has records. */
function turnToNext(): u32 {
  while (true) {
    if (at + HEADER > end) return OVER;
    const size = <i64>bswap(load<i32>(at, 8));
    wantedRoom = 0;
    if (load<u8>(at, 16) != FORMAT || size < <i64>(HEADER - UNCOUNTED)) return FOREIGN;
    if (<u64>size > <u64>(end - at - UNCOUNTED)) return OVER;
    const behind = at + UNCOUNTED + <usize>size;
    const attributes = bswap(load<u16>(at, 21));
    const codec = attributes & CODEC;
    if (codec != 0 && codec != LZ4) return FOREIGN;
    if (checksum(at + 21, behind - at - 21) != bswap(load<u32>(at, 17))) return FOREIGN;
    const firstOffset = <f64>bswap(load<i64>(at));
    if ((attributes & CONTROL) == 0) {
      let from = at + HEADER;
      let length = behind - from;
      if (codec == LZ4) {
        wantedRoom = roomOf(from, length);
        if (wantedRoom > spareBytes) return FOREIGN;
        length = <usize>unpack(from, length, spare, wantedRoom);
        if (<u32>length == u32.MAX_VALUE) return FOREIGN;
        from = spare;
      }
      const count = bswap(load<u32>(at, 57));
      const time = <f64>bswap(load<i64>(at, 27));
      const timeOfAll = (attributes & APPEND_TIME) == 0 ? NaN : <f64>bswap(load<i64>(at, 35));
      if (begin(from, length, count, firstOffset, time, timeOfAll, lowest, highest) != 0) {
        wantedRoom = 0;
        return FOREIGN;
      }
      allRecords += records;
      allTombstones += tombstones;
      allBytes += <f64>valueBytes;
      isAmid = true;
    }
    nextOffset = firstOffset + <f64>bswap(load<i32>(at, 23)) + 1;
    at = behind;
    if (isAmid) return FULL;
  }
}
