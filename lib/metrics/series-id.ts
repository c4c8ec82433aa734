/**
 * A number for a series that depends on nothing but its name and labels, so that its randomness is the same in every
 * run, whatever the order in which series appear. Two 32-bit FNV-1a sums over the UTF-16 units, the second one seeded
 * apart, joined to 53 bits.
 */
export function seriesId(metric: string, labels: readonly string[]): number {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  const add = (unit: number): void => {
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x01000193) ^ (low >>> 15);
  };
  const addText = (text: string): void => {
    for (let k = 0; k < text.length; k++) add(text.charCodeAt(k));
    // no unit of a text has this value, so ['ab', ''] and ['a', 'b'] differ
    add(0x10000);
  };
  addText(metric);
  for (const label of labels) addText(label);
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
