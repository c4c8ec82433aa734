/**
 * The exponential of numbers up to 0, the same bits wherever it is computed; see natural-log.ts for the reason. A port
 * of `e_exp.c` of fdlibm, whose error is below 1 ulp.
 *
 * Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;
/** Below it the result is closer to 0 than to the smallest double. */
const UNDERFLOW = -745.1332191019411;

/** @param x 0 or less */
export function exponential(x: number): number {
  if (x < UNDERFLOW) return 0;
  // x = k ln 2 + (high - low), the rest within half of ln 2 of 0
  const k = -x > 0.5 * Math.LN2 ? Math.trunc(INVERSE_LN2 * x - 0.5) : 0;
  const high = x - k * LN2_HI;
  const low = k * LN2_LO;
  const rest = high - low;
  const t = rest * rest;
  const c = rest - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = 1 - (low - (rest * c) / (2 - c) - high);
  // in two steps, as the power itself may be smaller than any double that has all its digits
  const half = Math.trunc(k / 2);
  return y * 2 ** half * 2 ** (k - half);
}
