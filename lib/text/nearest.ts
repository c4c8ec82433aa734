/**
 * The optimal string alignment distance: insertions, deletions, changes and swaps of neighbours.
 * Infinity if it exceeds `bound`.
 */
export function distance(a: string, b: string, bound = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > bound) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      const changed = a[i - 1] === b[k - 1] ? 0 : 1;
      let cost = Math.min(last[k]! + 1, row[k - 1]! + 1, last[k - 1]! + changed);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) {
        cost = Math.min(cost, before[k - 2]! + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > bound) return Number.POSITIVE_INFINITY;
    before = last;
    last = row;
  }
  const result = last[b.length]!;
  return result > bound ? Number.POSITIVE_INFINITY : result;
}

/** How far a word may be from what was meant: a third of its letters, at most 3. */
function boundFor(word: string): number {
  return Math.min(3, Math.max(1, Math.floor(word.length / 3)));
}

/**
 * The candidate that was most likely meant by a mistyped word, undefined if none is near. Letter case does not count
 * as a difference; of equally near candidates the first is given.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // A word of a kilobyte is no typing mistake, and would cost its length squared.
  if (word.length > 64) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bound = boundFor(word);
  for (const candidate of candidates) {
    const d = distance(wanted, candidate.toLowerCase(), bound);
    if (d < bound || (best === undefined && d === bound)) {
      best = candidate;
      bound = d;
    }
  }
  return best;
}
