/**
 * What several engines have, put together: a module of its own with a memory of its own. Marks that were logged by tick are
 * put in order, of each series its ticks ascending, each once; their host is lib/parse/scanner/aggregation/tick-logs.ts. Of
 * the pairs of samples those that stay are selected and sorted by value; their host is joined-samples.ts beside it. Hosts lay
 * out the memory and say where things are.
 */
export { selectFirst } from '../aggregation/select';
export { sortByValue } from './value-sort';

/** An entry: what the log calls the series, the tick, its marks; see assembly/aggregation/ticks.ts. */
const ENTRY_BYTES: usize = 12;
/** A name has the number of the table above the id of the labels. */
const TABLE_SHIFT: u32 = 24;
const ID_MASK: u32 = (1 << TABLE_SHIFT) - 1;
/** So many are sorted by insertion. */
const FEW: u32 = 12;
/** A key: the tick, so that none is negative, above its marks. */
const KEY_BYTES: usize = 8;
const TICK_BITS: u64 = 32;
const SIGN: u32 = 1 << 31;

/**
 * Has entries of a log name series by numbers that all logs share, and counts them: `known` has, by table, where the
 * numbers of its series by id stand.
 */
export function number(entries: usize, count: u32, known: usize, counts: usize): void {
  const end = entries + <usize>count * ENTRY_BYTES;
  for (let entry = entries; entry < end; entry += ENTRY_BYTES) {
    const name = load<u32>(entry);
    const series = load<u32>(<usize>load<u32>(known + ((name >> TABLE_SHIFT) << 2)) + ((name & ID_MASK) << 2));
    store<u32>(entry, series);
    const own = counts + (series << 2);
    store<u32>(own, load<u32>(own) + 1);
  }
}

/**
 * Writes ticks and their marks series after series. The counts become where the room of each series ends, which begins
 * where that of the one before ends; `settled` is told how many ticks are in it. The entries are lost.
 * @param keys room for as many, of 8 bytes
 */
export function settle(
  entries: usize,
  count: u32,
  series: u32,
  counts: usize,
  keys: usize,
  ticks: usize,
  marks: usize,
  settled: usize,
): void {
  place(entries, count, series, counts, keys);
  let from: u32 = 0;
  for (let k: u32 = 0; k < series; k++) {
    const to = load<u32>(counts + (k << 2));
    if (from == to) continue;
    const sorted = sort(keys + <usize>from * KEY_BYTES, to - from, entries);
    const offset = <usize>from << 2;
    store<u32>(settled + (k << 2), join(sorted, to - from, ticks + offset, marks + offset));
    from = to;
  }
}

/** Puts the keys of each series behind those of the one before, as they came. */
function place(entries: usize, count: u32, series: u32, counts: usize, keys: usize): void {
  let before: u32 = 0;
  for (let k: u32 = 0; k < series; k++) {
    const own = counts + (k << 2);
    const many = load<u32>(own);
    store<u32>(own, before);
    before += many;
  }
  const end = entries + <usize>count * ENTRY_BYTES;
  for (let entry = entries; entry < end; entry += ENTRY_BYTES) {
    const own = counts + (load<u32>(entry) << 2);
    const at = load<u32>(own);
    store<u32>(own, at + 1);
    const tick = load<u32>(entry, 4) ^ SIGN;
    store<u64>(keys + <usize>at * KEY_BYTES, (<u64>tick << TICK_BITS) | <u64>load<u32>(entry, 8));
  }
}

/** By their ticks; gives where the sorted ones are: here, or in the spare room for as many. */
function sort(keys: usize, count: u32, spare: usize): usize {
  if (count <= FEW) {
    insert(keys, count);
    return keys;
  }
  const bytes = <usize>count * KEY_BYTES;
  let from = keys;
  let to = spare;
  while (mergeRuns(from, from + bytes, to)) {
    const merged = to;
    to = from;
    from = merged;
  }
  return from;
}

function insert(keys: usize, count: u32): void {
  const end = keys + <usize>count * KEY_BYTES;
  for (let next = keys + KEY_BYTES; next < end; next += KEY_BYTES) {
    const key = load<u64>(next);
    let at = next;
    for (; at > keys; at -= KEY_BYTES) {
      const before = load<u64>(at - KEY_BYTES);
      if (before <= key) break;
      store<u64>(at, before);
    }
    store<u64>(at, key);
  }
}

/**
 * Merges neighbouring runs that ascend as they are, two by two: marks come in order but for what several threads or
 * partitions log one after the other. Gives false where there is nothing to merge; then nothing is written.
 */
function mergeRuns(from: usize, end: usize, to: usize): bool {
  let first = from;
  let second = runEnd(first, end);
  if (second == end) return false;
  let out = to;
  while (first < end) {
    const behind = second < end ? runEnd(second, end) : end;
    out = merge(first, second, behind, out);
    first = behind;
    second = first < end ? runEnd(first, end) : end;
  }
  return true;
}

function runEnd(from: usize, end: usize): usize {
  let last = load<u64>(from);
  let at = from + KEY_BYTES;
  for (; at < end; at += KEY_BYTES) {
    const key = load<u64>(at);
    if (key < last) break;
    last = key;
  }
  return at;
}

function merge(first: usize, second: usize, end: usize, to: usize): usize {
  let a = first;
  let b = second;
  let out = to;
  while (a < second && b < end) {
    const one = load<u64>(a);
    const other = load<u64>(b);
    const isFirst = one <= other;
    store<u64>(out, isFirst ? one : other);
    a += isFirst ? KEY_BYTES : 0;
    b += isFirst ? 0 : KEY_BYTES;
    out += KEY_BYTES;
  }
  memory.copy(out, a, second - a);
  out += second - a;
  memory.copy(out, b, end - b);
  return out + (end - b);
}

/** Adds up the marks of equal ticks; gives how many ticks there are. */
function join(keys: usize, count: u32, ticks: usize, marks: usize): u32 {
  const end = keys + <usize>count * KEY_BYTES;
  let last = <u32>(load<u64>(keys) >> TICK_BITS);
  let sum = <u32>load<u64>(keys);
  let at: usize = 0;
  for (let next = keys + KEY_BYTES; next < end; next += KEY_BYTES) {
    const key = load<u64>(next);
    const tick = <u32>(key >> TICK_BITS);
    if (tick != last) {
      store<u32>(ticks + at, last ^ SIGN);
      store<u32>(marks + at, sum);
      at += 4;
      last = tick;
      sum = 0;
    }
    sum += <u32>key;
  }
  store<u32>(ticks + at, last ^ SIGN);
  store<u32>(marks + at, sum);
  return <u32>(at >> 2) + 1;
}
