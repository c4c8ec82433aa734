import { discard } from './growth.ts';

/** Moves by a place that insertion may take, for each that is sorted, before they are distributed by their keys, */
const FEW_MOVES = 1;
/** and before a sort of its own is quicker. */
const MOST_MOVES = 8;
/** Places by key of which so many share a bucket, where keys are spread evenly. */
const SHARING = 4;

/**
 * Sorts places that are nearly in order already: each moves back to where it belongs, one comparison for most of them.
 * Where many do not, they are distributed by their keys before; where these crowd together, the engine's own sort does it.
 * @param key by what they are sorted, by place
 * @param tie by what those of one key are; 0 only for what is alike in every respect, as those may change places
 */
export function sortNearlySorted(
  places: Uint32Array,
  key: ArrayLike<number>,
  tie: (a: number, b: number) => number,
): void {
  if (inserted(places, key, tie, FEW_MOVES)) return;
  distribute(places, key);
  if (inserted(places, key, tie, MOST_MOVES)) return;
  places.sort((a, b) => (key[a] === key[b] ? tie(a, b) : key[a]! < key[b]! ? -1 : 1));
}

/** Sorts by insertion; gives false where that takes too many moves, for each, and they are in no order. */
function inserted(
  places: Uint32Array,
  key: ArrayLike<number>,
  tie: (a: number, b: number) => number,
  moves: number,
): boolean {
  const { length } = places;
  let left = moves * length;
  for (let k = 1; k < length; k++) {
    const place = places[k]!;
    const own = key[place]!;
    let to = k;
    for (; to > 0; to--) {
      const before = places[to - 1]!;
      const other = key[before]!;
      if (other < own || (other === own && tie(before, place) <= 0)) break;
      places[to] = before;
    }
    places[to] = place;
    left -= k - to;
    if (left < 0) return false;
  }
  return true;
}

/** Puts places in the order of buckets, each of as wide a range of keys as any, if keys have such ranges. */
function distribute(places: Uint32Array, key: ArrayLike<number>): void {
  const { length } = places;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < length; k++) {
    const own = key[places[k]!]!;
    if (!Number.isFinite(own)) return;
    if (own < least) least = own;
    if (own > most) most = own;
  }
  const buckets = Math.ceil(length / SHARING);
  const scale = (buckets - 1) / (most - least);
  if (!(scale > 0 && Number.isFinite(scale))) return;
  const starts = new Uint32Array(buckets + 1);
  for (let k = 0; k < length; k++) starts[Math.trunc((key[places[k]!]! - least) * scale) + 1]!++;
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const from = places.slice();
  for (let k = 0; k < length; k++) {
    const place = from[k]!;
    places[starts[Math.trunc((key[place]! - least) * scale)]!++] = place;
  }
  discard(from);
}
