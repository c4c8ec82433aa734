/** Below that many, ticks are sorted by insertion. */
const FEW = 32;
/** Places of a list that is sorted at once: with a tick of 32 bits they make a number that is exact. */
const PLACES = 2 ** 21;
/** How often stragglers are taken out of stragglers: logs read one after the other, each from the beginning of time. */
const MOST_ROUNDS = 8;

/**
 * Puts ticks in ascending order, each once with all its marks, at the front of their arrays.
 * @returns how many are left
 */
export function settleTicks(ticks: Int32Array, marks: Uint32Array): number {
  return ticks.length <= FEW ? insert(ticks, marks) : weave(ticks, marks, MOST_ROUNDS);
}

/**
 * Ticks come in order but for a few, so these are taken out, sorted and woven in again: two looks at each, where
 * sorting takes some twenty.
 */
function weave(ticks: Int32Array, marks: Uint32Array, rounds: number): number {
  const { length } = ticks;
  let late = new Int32Array(0);
  let lateMarks = new Uint32Array(0);
  let lateCount = 0;
  let last = 0;
  for (let k = 1; k < length; k++) {
    const tick = ticks[k]!;
    if (tick > ticks[last]!) {
      ticks[++last] = tick;
      marks[last] = marks[k]!;
    } else if (tick === ticks[last]!) marks[last]! += marks[k]!;
    else {
      if (lateCount === late.length) {
        // never more than there are left
        const room = Math.min(lateCount + length - k, Math.max(FEW, 2 * lateCount));
        late = grown(late, new Int32Array(room));
        lateMarks = grown(lateMarks, new Uint32Array(room));
      }
      late[lateCount] = tick;
      lateMarks[lateCount++] = marks[k]!;
    }
  }
  if (lateCount === 0) return last + 1;
  late = late.subarray(0, lateCount);
  lateMarks = lateMarks.subarray(0, lateCount);
  let settled: number;
  if (lateCount <= FEW) settled = insert(late, lateMarks);
  else if (rounds > 0) settled = weave(late, lateMarks, rounds - 1);
  else settled = sort(late, lateMarks);
  return merge(ticks, marks, last + 1, late, lateMarks, settled);
}

function grown<A extends Int32Array | Uint32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Merges two lists that are settled: the first lies in arrays that have room for both. */
function merge(
  ticks: Int32Array,
  marks: Uint32Array,
  count: number,
  others: Int32Array,
  otherMarks: Uint32Array,
  otherCount: number,
): number {
  const end = count + otherCount;
  let to = end;
  let k = count - 1;
  let j = otherCount - 1;
  while (j >= 0) {
    to--;
    if (k < 0 || others[j]! > ticks[k]!) {
      ticks[to] = others[j]!;
      marks[to] = otherMarks[j--]!;
    } else {
      ticks[to] = ticks[k]!;
      marks[to] = marks[k]! + (others[j]! === ticks[k]! ? otherMarks[j--]! : 0);
      k--;
    }
  }
  // ticks that both had left a gap between those below all others, which stay, and the rest
  ticks.copyWithin(k + 1, to, end);
  marks.copyWithin(k + 1, to, end);
  return k + 1 + end - to;
}

function insert(ticks: Int32Array, marks: Uint32Array): number {
  for (let k = 1; k < ticks.length; k++) {
    const tick = ticks[k]!;
    const n = marks[k]!;
    let at = k;
    for (; at > 0 && ticks[at - 1]! > tick; at--) {
      ticks[at] = ticks[at - 1]!;
      marks[at] = marks[at - 1]!;
    }
    ticks[at] = tick;
    marks[at] = n;
  }
  return join(ticks, marks);
}

/** In parts, if there are more than can be told apart at once. */
function sort(ticks: Int32Array, marks: Uint32Array): number {
  const keys = new Float64Array(Math.min(ticks.length, PLACES));
  for (let k = 0; k < keys.length; k++) keys[k] = (ticks[k]! + 2 ** 31) * PLACES + k;
  keys.sort();
  const before = marks.slice(0, keys.length);
  for (let k = 0; k < keys.length; k++) {
    ticks[k] = Math.floor(keys[k]! / PLACES) - 2 ** 31;
    marks[k] = before[keys[k]! % PLACES]!;
  }
  const count = join(ticks.subarray(0, keys.length), marks.subarray(0, keys.length));
  if (keys.length === ticks.length) return count;
  ticks.copyWithin(count, PLACES);
  marks.copyWithin(count, PLACES);
  const left = count + ticks.length - PLACES;
  return sort(ticks.subarray(0, left), marks.subarray(0, left));
}

function join(ticks: Int32Array, marks: Uint32Array): number {
  let last = 0;
  for (let k = 1; k < ticks.length; k++) {
    if (ticks[k] === ticks[last]) marks[last]! += marks[k]!;
    else {
      ticks[++last] = ticks[k]!;
      marks[last] = marks[k]!;
    }
  }
  return Math.min(ticks.length, last + 1);
}
