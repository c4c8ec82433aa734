/** Moves by a place that insertion may take, for each that is sorted, before a sort of its own is quicker. */
const MOST_MOVES = 8;

/**
 * Sorts places that are nearly in order already: each moves back to where it belongs, one comparison for most of them.
 * Where many do not, the engine's own sort does it.
 * @param compare by what they are sorted; 0 only for what is alike in every respect, as those may change places
 */
export function sortNearlySorted(places: Uint32Array, compare: (a: number, b: number) => number): void {
  const { length } = places;
  let left = MOST_MOVES * length;
  for (let k = 1; k < length; k++) {
    const place = places[k]!;
    let to = k;
    for (; to > 0 && compare(places[to - 1]!, place) > 0; to--) places[to] = places[to - 1]!;
    places[to] = place;
    left -= k - to;
    if (left < 0) {
      places.sort(compare);
      return;
    }
  }
}
