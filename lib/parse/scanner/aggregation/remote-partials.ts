import { type PartialsState, PartialTables } from './partial-tables.ts';

/**
 * The aggregation of a worker's engine, in the memory that it shares with us. It is read where the worker has said what
 * there is and been given nothing to do since; what is to be cleared it is told with its next job. Its ticks are read
 * while it goes on, which logs the next ones elsewhere.
 */
export class RemotePartials extends PartialTables {
  /** Whether the worker may have measured something that was not taken. */
  isHeld = false;
  private all: PartialsState | undefined;
  private ticks: PartialsState | undefined;
  private wasTaken = false;

  /** The worker has said what there is. */
  collect(what: 'all' | 'ticks', state: PartialsState): void {
    this[what] = state;
  }

  /** It goes on. Gives whether it has to clear everything before. */
  goOn(): boolean {
    const { wasTaken } = this;
    this.isHeld = true;
    this.all = undefined;
    this.wasTaken = false;
    return wasTaken;
  }

  settle(what: 'all' | 'ticks'): PartialsState | undefined {
    return this[what];
  }

  begin(what: 'all' | 'ticks'): void {
    this[what] = undefined;
    if (what === 'ticks') return;
    this.wasTaken = true;
    this.isHeld = false;
    // the worker forgets its series, so that it never lacks room for long
    this.forget();
  }
}
