import { Xxh64 } from '../math/identity/record-hash.ts';
import { encodeWtf8 } from '../text/wtf8.ts';

/** No byte of a text in WTF-8. */
const SEPARATOR = Buffer.from([0xff]);

/** 64 bits. */
export interface SeriesKey {
  readonly low: number;
  readonly high: number;
}

/**
 * A hash of a series by nothing but the seed, its name and its labels, so that its randomness is the same in every run:
 * XXH64 of the metric's name and a byte 0xff, and of every label, in the order of the metric's definition, its name and
 * its value with a byte 0xff behind each.
 */
export function seriesKey(
  metric: string,
  names: readonly string[],
  values: readonly string[],
  seed: number,
): SeriesKey {
  const parts: Buffer[] = [encodeWtf8(metric), SEPARATOR];
  for (const [k, name] of names.entries()) {
    parts.push(encodeWtf8(name), SEPARATOR, encodeWtf8(values[k]!), SEPARATOR);
  }
  const { low, high } = new Xxh64().of(Buffer.concat(parts), seed);
  return { low, high };
}
