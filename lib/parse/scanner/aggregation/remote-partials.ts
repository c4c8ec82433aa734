import { type PartialsState, PartialTables } from './partial-tables.ts';

/**
 * The aggregation of a worker's engine, in the memory that it shares with us. It is read where the worker has said what
 * there is and been given nothing to do since; what is to be cleared it is told with its next job.
 */
export class RemotePartials extends PartialTables {
  /** Whether the worker may have measured something that was not taken. */
  isHeld = false;
  private collected: PartialsState | undefined;
  private clearing: 'all' | 'ticks' | undefined;

  /** The worker says what there is, and waits. */
  collect(state: PartialsState): void {
    this.collected = state;
  }

  /** It goes on. Gives what it has to clear before. */
  goOn(): 'all' | 'ticks' | undefined {
    const { clearing } = this;
    this.isHeld = true;
    this.collected = undefined;
    this.clearing = undefined;
    return clearing;
  }

  settle(): PartialsState | undefined {
    return this.collected;
  }

  begin(what: 'all' | 'ticks'): void {
    this.clearing = what;
    this.collected = undefined;
    this.isHeld = what === 'ticks';
    // the worker forgets its series, so that it never lacks room for long
    if (what === 'all') this.forget();
  }
}
