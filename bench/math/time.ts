/**
 * Nanoseconds an operation of a function that does it n times: the fastest of many rounds, because whatever else the
 * machine does only ever slows a round down.
 * @param prepare is called before each round, and its time is not counted
 */
export function per(n: number, operate: (n: number) => void, prepare: () => void = () => {}): number {
  let best = Infinity;
  const end = performance.now() + 500;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    prepare();
    const start = performance.now();
    operate(n);
    // the first rounds are those of the compiler
    if (round >= 2) best = Math.min(best, ((performance.now() - start) * 1e6) / n);
  }
  return best;
}
