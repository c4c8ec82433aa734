import type { InputPlaces, ToldPlaces } from '../../state/input-places.ts';
import type { ContainerLog } from './container-log.ts';
import { containerPlaceOf } from './container-place.ts';

/** Logs that have ended and are still known: a pod that a listing left out once is not read twice. */
const MOST_ENDED = 8;

interface KnownLog {
  readonly log: ContainerLog;
  readonly done: Promise<void>;
  hasEnded: boolean;
}

export interface KnownLogsOptions {
  /** How far logs were read, of a run that can go on; and where that is told. */
  readonly places?: InputPlaces | undefined;
  readonly onNotice: (text: string) => void;
}

/** The logs of a workload that are followed, that were, and that a run before has followed. */
export class KnownLogs {
  private readonly options: KnownLogsOptions;
  /** By name, those last that were opened last. One that has ended is kept for a while: its pod may come back. */
  private readonly logs = new Map<string, KnownLog>();
  /** Those that a run before has read, and this one has not met. */
  private readonly unmet: Set<string>;
  private readonly told = new Set<string>();

  constructor(options: KnownLogsOptions) {
    this.options = options;
    const { places } = options;
    this.unmet = new Set(places?.names);
    places?.onCheckpoint(() => this.places(places));
  }

  /** Whether a run before has read some. */
  get wereRead(): boolean {
    return this.unmet.size > 0;
  }

  get areNone(): boolean {
    return this.logs.size === 0;
  }

  get all(): Iterable<KnownLog> {
    return this.logs.values();
  }

  get(name: string): KnownLog | undefined {
    return this.logs.get(name);
  }

  /** Settles when there is no such log any more. */
  async open(name: string, log: ContainerLog): Promise<void> {
    const open: KnownLog = { log, done: log.run(), hasEnded: false };
    this.logs.delete(name);
    this.unmet.delete(name);
    this.logs.set(name, open);
    await open.done;
    open.hasEnded = true;
    const ended = [...this.logs].filter(([, { hasEnded }]) => hasEnded);
    for (const [older] of ended.slice(0, -MOST_ENDED)) this.logs.delete(older);
  }

  /** Says once which logs a run before has not read to their end, and nobody can any more. */
  tellGone(): void {
    const { places, onNotice } = this.options;
    for (const name of this.unmet) {
      const place = places?.before(name);
      if (place === undefined || this.told.has(name)) continue;
      this.told.add(name);
      const { isRead, hasEnded } = containerPlaceOf(place);
      if (!isRead && !hasEnded)
        onNotice(`${name}: it is gone, and with it what it wrote behind what was read`);
    }
  }

  /** How far all were read; those that are known no more are forgotten. */
  private *places(places: InputPlaces): ToldPlaces {
    for (const [name, { log }] of this.logs) yield [name, log.place(places)];
    const kept = new Set([...this.logs.keys(), ...[...this.unmet].slice(-MOST_ENDED)]);
    for (const name of places.names) {
      if (!kept.has(name)) yield [name, undefined];
    }
  }
}
