import { Word64 } from './word64.ts';

/** The lower 12 bits of a hash do not count: a double has 53. */
const UPPER_UNIT = 2 ** -32;
const LOWER_UNIT = 2 ** -52;

/**
 * The random number of a record in a series: a pure function of both, so that it depends neither on who measures the
 * record nor on what came before it. Distinct records have distinct numbers, but for the last 12 bits of their hashes.
 *
 * The hashes of record and series are joined by an exclusive or and mixed by the finalizer of MurmurHash3 (A. Appleby),
 * a bijection of 64 bits that turns each of them over with a probability near one half for every bit of its input.
 */
export class RecordRandom {
  private readonly word = new Word64();

  /**
   * @param series hash of the series, under the seed: see record-hash.ts
   * @param record hash of the record's text
   * @returns uniform over the 2^52 centres (k + 1/2) / 2^52, so strictly inside (0,1)
   */
  of(seriesLow: number, seriesHigh: number, recordLow: number, recordHigh: number): number {
    const { low, high } = this.word
      .set(seriesLow ^ recordLow, seriesHigh ^ recordHigh)
      .xorShiftRight(33)
      .multiply(0xed558ccd, 0xff51afd7)
      .xorShiftRight(33)
      .multiply(0x1a85ec53, 0xc4ceb9fe)
      .xorShiftRight(33);
    return (high >>> 0) * UPPER_UNIT + ((low >>> 12) + 0.5) * LOWER_UNIT;
  }
}
