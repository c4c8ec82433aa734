/**
 * The natural logarithm of a number, the same bits wherever it is computed: what engines and processors give differs in
 * the last place, and priorities that are stored, compared and merged must not. A port of `e_log.c` of fdlibm (Sun
 * Microsystems 1993, as FreeBSD and V8 have it), whose error is below 1 ulp; additions and multiplications of doubles
 * alone, in the order in which they are written.
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
 * is preserved.
 */

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const LG1 = 0.6666666666666735;
const LG2 = 0.3999999999940942;
const LG3 = 0.2857142874366239;
const LG4 = 0.22222198432149784;
const LG5 = 0.1818357216161805;
const LG6 = 0.15313837699209373;
const LG7 = 0.14798198605116586;

/** The logarithm, with the memory that it needs to look at the bits of a double: each user has its own. */
export class NaturalLog {
  private readonly number = new Float64Array(1);
  private readonly words = new Int32Array(this.number.buffer);

  /** @param x a normal double above 0 */
  of(x: number): number {
    const { number, words } = this;
    number[0] = x;
    const high = words[1]!;
    let k = (high >> 20) - 1023;
    const hx = high & 0x000fffff;
    const carry = (hx + 0x95f64) & 0x100000;
    words[1] = hx | (carry ^ 0x3ff00000);
    k += carry >> 20;
    const f = number[0] - 1;
    if ((0x000fffff & (2 + hx)) < 3) return nearOne(f, k);
    const s = f / (2 + f);
    const z = s * s;
    const w = z * z;
    const even = w * (LG2 + w * (LG4 + w * LG6));
    const odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
    const r = odd + even;
    if (((hx - 0x6147a) | (0x6b851 - hx)) > 0) {
      const half = 0.5 * f * f;
      if (k === 0) return f - (half - s * (half + r));
      return k * LN2_HI - (half - (s * (half + r) + k * LN2_LO) - f);
    }
    if (k === 0) return f - s * (f - r);
    return k * LN2_HI - (s * (f - r) - k * LN2_LO - f);
  }
}

/** Where the fraction lies within 2^-20 of 1. */
function nearOne(f: number, k: number): number {
  if (f === 0) return k === 0 ? 0 : k * LN2_HI + k * LN2_LO;
  const r = f * f * (0.5 - 0.3333333333333333 * f);
  return k === 0 ? f - r : k * LN2_HI - (r - k * LN2_LO - f);
}
