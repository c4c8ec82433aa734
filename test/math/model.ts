interface Update {
  readonly value: number;
  readonly t: number;
  readonly u: number;
  readonly call: number;
}

/** A reservoir as the formulas have it, with nothing to make it fast: what the real one is held against. */
export class ModelReservoir {
  readonly #updates: Update[] = [];
  readonly #size: number;
  readonly #alpha: number;
  readonly #newest: boolean;

  constructor(size: number, alpha: number, admission: 'newest' | 'priority') {
    this.#size = size;
    this.#alpha = alpha;
    this.#newest = admission === 'newest';
  }

  update(value: number, t: number, u: number): void {
    this.#updates.push({ value, t, u, call: this.#updates.length });
  }

  /** What is kept, ascending. */
  values(): number[] {
    const byTime = this.#updates.toSorted((a, b) => b.t - a.t || b.call - a.call);
    const newest = this.#newest ? byTime.slice(0, 1) : [];
    const order = ({ t, u }: Update): number => Math.log(u) - (this.#alpha / 1000) * (t * 1000);
    const others = byTime
      .slice(newest.length)
      .sort((a, b) => order(a) - order(b) || a.value - b.value)
      .slice(0, this.#size - newest.length);
    return [...newest, ...others].map(({ value }) => value + 0).sort((a, b) => a - b);
  }
}

/** Percentile of ascending values at position q (n + 1). */
export function modelPercentile(sorted: readonly number[], q: number): number {
  const n = sorted.length;
  const at = q * (n + 1);
  if (n === 0) return 0;
  if (at < 1) return sorted[0]!;
  if (at >= n) return sorted[n - 1]!;
  const lower = sorted[Math.floor(at) - 1]!;
  return lower + (at - Math.floor(at)) * (sorted[Math.floor(at)]! - lower);
}
