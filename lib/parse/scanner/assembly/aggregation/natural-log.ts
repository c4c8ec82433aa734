/**
 * The natural logarithm of a number in (0,1): fdlibm's e_log.c, operation by operation as lib/math/natural-log.ts has it.
 * What is stored or compared must not depend on whose logarithm it is: those of engines differ in the last place.
 */

const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const LG1: f64 = 6.666666666666735130e-1;
const LG2: f64 = 3.999999999940941908e-1;
const LG3: f64 = 2.857142874366239149e-1;
const LG4: f64 = 2.222219843214978396e-1;
const LG5: f64 = 1.818357216161805012e-1;
const LG6: f64 = 1.531383769920937332e-1;
const LG7: f64 = 1.479819860511658591e-1;

/** @param given a normal number above 0 */
export function naturalLog(given: f64): f64 {
  let high = highWord(given);
  let k = (high >> 20) - 1023;
  high &= 0x000fffff;
  const i = (high + 0x95f64) & 0x100000;
  k += i >> 20;
  const f = withHighWord(given, high | (i ^ 0x3ff00000)) - 1.0;
  const dk = <f64>k;
  if ((0x000fffff & (2 + high)) < 3) {
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - (r - dk * LN2_LOW - f);
  }
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (LG2 + w * (LG4 + w * LG6));
  const t2 = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const r = t2 + t1;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - (half - (s * (half + r) + dk * LN2_LOW) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * LN2_HIGH - (s * (f - r) - dk * LN2_LOW - f);
}

// @ts-ignore: decorator
@inline
function highWord(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 32);
}

// @ts-ignore: decorator
@inline
function withHighWord(x: f64, high: i32): f64 {
  return reinterpret<f64>((reinterpret<u64>(x) & 0xffffffff) | (<u64>(<u32>high) << 32));
}
