/** Sessions that have started and not ended yet. Bounded: beyond the limit the oldest is given up, and counted. */
export class Sessions {
  private readonly open = new Set<string>();
  private readonly limit: number;
  private seen = false;
  /** Sessions given up because too many never ended. */
  givenUp = 0;

  constructor(limit = 100_000) {
    this.limit = limit;
  }

  /** undefined before the first session. */
  get active(): number | undefined {
    return this.seen ? this.open.size : undefined;
  }

  start(id: string): void {
    this.seen = true;
    this.open.add(id);
    if (this.open.size > this.limit) {
      const [oldest] = this.open;
      this.open.delete(oldest!);
      this.givenUp++;
    }
  }

  end(id: string): void {
    this.seen = true;
    this.open.delete(id);
  }
}
