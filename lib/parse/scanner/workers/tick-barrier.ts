/**
 * Takes the ticks that were logged up to a place of the input. Workers say what they logged when they come there and go
 * on; here it is taken when all that comes before has been delivered, since the main thread measures some of it then.
 */
export class TickBarrier {
  private tasks: number;
  private readonly collected: Promise<void>;
  private readonly take: () => void;

  /**
   * @param tasks before the place that were not delivered yet
   * @param collected settled when every worker has said what it logged
   */
  constructor(tasks: number, collected: Promise<void>, take: () => void) {
    this.tasks = tasks;
    this.collected = collected;
    this.take = take;
    // whoever waits for the worker's next task is told that it failed
    collected.catch(() => {});
  }

  /** A task was delivered. Gives whether all of the ticks have been taken. */
  async passed(): Promise<boolean> {
    if (--this.tasks > 0) return false;
    await this.lift();
    return true;
  }

  /** Takes the ticks now: nothing more is delivered. */
  async lift(): Promise<void> {
    await this.collected;
    this.take();
  }
}
