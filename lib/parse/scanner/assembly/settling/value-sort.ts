/**
 * Pairs of samples by their values, ascending: statistics are computed from values in that order. The method is that of
 * lib/math/sorting.ts: each goes to the one of as many buckets as there are pairs that its value says, which for most samples
 * leaves next to nothing to be done.
 */
import { PAIR_SHIFT } from '../aggregation/select';

const PAIR_BYTES: usize = 1 << PAIR_SHIFT;
/** Pairs of one bucket beyond which insertion would take too long. */
const CROWDED: u32 = 24;

/**
 * @param spare room for as many pairs
 * @param starts room for a word of 4 bytes for each pair, and one more
 */
export function sortByValue(pairs: usize, count: u32, spare: usize, starts: usize): void {
  if (count < 2) return;
  let least = Infinity;
  let greatest = -Infinity;
  const end = pairs + (<usize>count << PAIR_SHIFT);
  for (let pair = pairs; pair < end; pair += PAIR_BYTES) {
    const value = valueOf(pair);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const scale = <f64>(count - 1) / (greatest - least);
  if (!(scale > 0 && scale < Infinity)) {
    sortInPlace(pairs, count);
    return;
  }
  distribute(pairs, end, spare, starts, least, scale, count);
  sortCrowded(spare, starts, count);
  insert(spare, pairs, end);
}

// @ts-ignore: decorator
@inline
function valueOf(pair: usize): f64 {
  return load<f64>(pair, 8);
}

function distribute(
  pairs: usize,
  end: usize,
  to: usize,
  starts: usize,
  least: f64,
  scale: f64,
  count: u32,
): void {
  memory.fill(starts, 0, (<usize>count + 1) << 2);
  for (let pair = pairs; pair < end; pair += PAIR_BYTES) {
    const behind = starts + (<usize>bucketOf(pair, least, scale) << 2);
    store<u32>(behind, load<u32>(behind, 4) + 1, 4);
  }
  let before: u32 = 0;
  for (let bucket: u32 = 1; bucket <= count; bucket++) {
    const start = starts + (<usize>bucket << 2);
    before += load<u32>(start);
    store<u32>(start, before);
  }
  for (let pair = pairs; pair < end; pair += PAIR_BYTES) {
    const start = starts + (<usize>bucketOf(pair, least, scale) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    v128.store(to + (<usize>place << PAIR_SHIFT), v128.load(pair));
  }
}

// @ts-ignore: decorator
@inline
function bucketOf(pair: usize, least: f64, scale: f64): u32 {
  return <u32>((valueOf(pair) - least) * scale);
}

/** Each bucket now ends where it says that it starts. */
function sortCrowded(pairs: usize, starts: usize, count: u32): void {
  let from: u32 = 0;
  for (let bucket: u32 = 0; bucket < count; bucket++) {
    const to = load<u32>(starts + (<usize>bucket << 2));
    if (to - from > CROWDED) sortInPlace(pairs + (<usize>from << PAIR_SHIFT), to - from);
    from = to;
  }
}

/** Moves what is nearly sorted to its place elsewhere. */
function insert(nearly: usize, out: usize, end: usize): void {
  for (let next = out; next < end; next += PAIR_BYTES, nearly += PAIR_BYTES) {
    const value = valueOf(nearly);
    let place = next;
    for (; place > out && valueOf(place - PAIR_BYTES) > value; place -= PAIR_BYTES) {
      v128.store(place, v128.load(place - PAIR_BYTES));
    }
    v128.store(place, v128.load(nearly));
  }
}

/** J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7(6), 1964: never slow, whatever the values are. */
function sortInPlace(pairs: usize, count: u32): void {
  for (let root = count >> 1; root > 0; ) sift(pairs, --root, count);
  for (let left = count - 1; left > 0; left--) {
    const last = pairs + (<usize>left << PAIR_SHIFT);
    const greatest = v128.load(pairs);
    v128.store(pairs, v128.load(last));
    v128.store(last, greatest);
    sift(pairs, 0, left);
  }
}

/** Lets a pair sink below those of greater values. */
function sift(pairs: usize, root: u32, count: u32): void {
  const pair = v128.load(pairs + (<usize>root << PAIR_SHIFT));
  const value = f64x2.extract_lane(pair, 1);
  for (let child: u32 = 2 * root + 1; child < count; child = 2 * root + 1) {
    let greater = pairs + (<usize>child << PAIR_SHIFT);
    if (child + 1 < count && valueOf(greater + PAIR_BYTES) > valueOf(greater)) {
      greater += PAIR_BYTES;
      child++;
    }
    if (valueOf(greater) <= value) break;
    v128.store(pairs + (<usize>root << PAIR_SHIFT), v128.load(greater));
    root = child;
  }
  v128.store(pairs + (<usize>root << PAIR_SHIFT), pair);
}
