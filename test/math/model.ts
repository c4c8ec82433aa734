/** A reservoir as the formulas have it, with nothing to make it fast: what the real one is held against. */
export class ModelReservoir {
  readonly kept: { order: number; value: number }[] = [];
  readonly #size: number;
  readonly #alpha: number;
  readonly #newest: boolean;

  constructor(size: number, alpha: number, admission: 'newest' | 'priority') {
    this.#size = size;
    this.#alpha = alpha;
    this.#newest = admission === 'newest';
  }

  update(value: number, t: number, u: number): void {
    const entry = { order: Math.log(u) - this.#alpha * t, value };
    if (this.#newest && this.kept.length === this.#size) this.#removeLast();
    this.kept.push(entry);
    if (this.kept.length > this.#size) this.#removeLast();
  }

  values(): number[] {
    return this.kept.map(({ value }) => value).sort((a, b) => a - b);
  }

  #removeLast(): void {
    let last = 0;
    this.kept.forEach((entry, i) => {
      const other = this.kept[last]!;
      if (entry.order > other.order || (entry.order === other.order && entry.value > other.value)) last = i;
    });
    this.kept.splice(last, 1);
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
