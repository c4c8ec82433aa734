/** Below that many, ticks are sorted by insertion. */
const FEW = 32;
/** Places of a list that is sorted at once: with a tick of 32 bits they make a number that is exact. */
const PLACES = 2 ** 21;

/**
 * Puts ticks in ascending order, each once with all its marks, at the front of their arrays.
 * @returns how many are left
 */
export function settleTicks(ticks: Int32Array, marks: Uint32Array): number {
  if (isSettled(ticks)) return ticks.length;
  if (ticks.length <= FEW) insert(ticks, marks);
  else sort(ticks, marks);
  return join(ticks, marks);
}

function isSettled(ticks: Int32Array): boolean {
  for (let k = 1; k < ticks.length; k++) if (ticks[k]! <= ticks[k - 1]!) return false;
  return true;
}

function insert(ticks: Int32Array, marks: Uint32Array): void {
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
}

/** In parts, if there are more than can be told apart at once. */
function sort(ticks: Int32Array, marks: Uint32Array): void {
  const keys = new Float64Array(Math.min(ticks.length, PLACES));
  for (let k = 0; k < keys.length; k++) keys[k] = (ticks[k]! + 2 ** 31) * PLACES + k;
  keys.sort();
  const before = marks.slice(0, keys.length);
  for (let k = 0; k < keys.length; k++) {
    ticks[k] = Math.floor(keys[k]! / PLACES) - 2 ** 31;
    marks[k] = before[keys[k]! % PLACES]!;
  }
  if (keys.length === ticks.length) return;
  const count = join(ticks.subarray(0, PLACES), marks.subarray(0, PLACES));
  ticks.copyWithin(count, PLACES);
  marks.copyWithin(count, PLACES);
  const left = count + ticks.length - PLACES;
  sort(ticks.subarray(0, left), marks.subarray(0, left));
  ticks.fill(ticks[left - 1]!, left);
  marks.fill(0, left);
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
