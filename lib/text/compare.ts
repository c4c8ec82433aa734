/** The order of texts by their UTF-16 code units, whatever the locale: as `sort` has it without a comparison. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
