/**
 * What is done to every byte of a record batch: unpacking it where LZ4 packed it, and joining the values of its records.
 * The host is lib/kafka/records-module.ts; it lays out the memory and says where things are.
 */
export { roomOf, unpack } from './lz4';
export { begin, fill, isDone, records, tombstones, valueBytes, wrongAt } from './join';
export {
  allBytes,
  allRecords,
  allTombstones,
  at,
  begun,
  beginAll,
  ending,
  fillAll,
  nextOffset,
  wantedRoom,
} from './batches';
