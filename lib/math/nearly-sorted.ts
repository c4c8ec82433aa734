/** Moves by a place that insertion may take, for each that is sorted, before a sort of its own is quicker. */
const MOST_MOVES = 8;

/**
 * Sorts places that are nearly in order already: each moves back to where it belongs, one comparison for most of them.
 * Where many do not, the engine's own sort does it.
 * @param key by what they are sorted, by place
 * @param tie by what those of one key are; 0 only for what is alike in every respect, as those may change places
 */
export function sortNearlySorted(
  places: Uint32Array,
  key: ArrayLike<number>,
  tie: (a: number, b: number) => number,
): void {
  const { length } = places;
  let left = MOST_MOVES * length;
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
    if (left < 0) {
      places.sort((a, b) => (key[a] === key[b] ? tie(a, b) : key[a]! < key[b]! ? -1 : 1));
      return;
    }
  }
}
