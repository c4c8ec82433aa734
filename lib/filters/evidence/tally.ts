/** Distinct texts that are told apart. */
const MOST = 1000;

/** How often texts came, most frequent first; of ever new ones only the first are kept. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(text: string, count = 1): void {
    const known = this.counts.get(text);
    if (known !== undefined) this.counts.set(text, known + count);
    else if (this.counts.size < MOST) this.counts.set(text, count);
  }

  get texts(): string[] {
    return this.entries.map(([text]) => text);
  }

  /** Most frequent first. */
  get entries(): [text: string, count: number][] {
    return [...this.counts].sort((a, b) => b[1] - a[1]);
  }
}
