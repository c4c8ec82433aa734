/** UTF-16 has surrogates (U+D800 to U+DFFF) where bytes put them behind U+FFFF: these two ranges change places. */
const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/** Compares texts as their bytes in UTF-8 compare: by code points, where a string's own order goes by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) {
    const x = a.charCodeAt(k);
    const y = b.charCodeAt(k);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Compares lists of texts, text by text; a list that begins another comes first. */
export function compareLists(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) {
    const order = compareBytes(a[k]!, b[k]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit < BEHIND_SURROGATES ? unit + 0x10000 : unit;
}
