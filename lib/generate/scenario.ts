import { Random } from './draws.ts';

/** What of a generated log can be chosen; what is not told is as `usual` has it. */
export interface ScenarioOptions {
  /** People who use mirrord. */
  readonly users?: number | undefined;
  readonly targets?: number | undefined;
  /** Percent of sessions whose start or whose end is missing, as often the one as the other. */
  readonly unpaired?: number | undefined;
  /** Percent of records that are errors. */
  readonly errors?: number | undefined;
  /** Percent of records that are written up to 2 s after younger ones. */
  readonly late?: number | undefined;
  /** A silence of 1 to 12 hours about every so many records; 0 = none. */
  readonly gaps?: number | undefined;
  /** A thousand records within about a second, about every so many records; 0 = none. */
  readonly bursts?: number | undefined;
}

export const usual = {
  users: 200,
  targets: 120,
  unpaired: 0,
  errors: 0,
  late: 0.5,
  gaps: 0,
  bursts: 0,
} satisfies ScenarioOptions;

/** What only the log of an Operator has. */
export const ofOperators = ['users', 'targets', 'unpaired', 'errors', 'late', 'bursts'] as const;

const HOUR = 3600e6;
const BURST_RECORDS = 1000;
/** Microseconds between the records of a burst. */
const BURST_GAP = 1000;

/**
 * Decides where a log departs from the usual. It draws from random numbers of its own, and only where something was
 * asked for: the records around what it changes are those of the usual log.
 */
export class Scenario {
  readonly users: number;
  readonly targets: number;
  /** Share of records that are written late. */
  readonly late: number;
  private readonly unpaired: number;
  private readonly errors: number;
  private readonly gaps: number;
  private readonly bursts: number;
  private readonly random: Random;
  private inBurst = 0;

  constructor(options: ScenarioOptions, seed: number) {
    const chosen = Object.entries(options).filter(([key, value]) => key in usual && value !== undefined);
    const all = { ...usual, ...Object.fromEntries(chosen) };
    this.users = Math.max(1, all.users);
    this.targets = Math.max(1, all.targets);
    this.late = all.late / 100;
    this.unpaired = all.unpaired / 100;
    this.errors = all.errors / 100;
    this.gaps = all.gaps;
    this.bursts = all.bursts;
    this.random = new Random(seed + 2);
  }

  /** Which record of a new session will be missing. */
  missing(): 'start' | 'end' | undefined {
    if (!this.happens(this.unpaired)) return undefined;
    return this.random.unit() < 0.5 ? 'start' : 'end';
  }

  isError(): boolean {
    return this.happens(this.errors);
  }

  /** Microseconds from a record to the next, which usually would be so many. */
  pause(micros: number): number {
    if (this.inBurst > 0) {
      this.inBurst--;
      return 1 + this.random.int(2 * BURST_GAP);
    }
    if (this.bursts > 0 && this.happens(1 / this.bursts)) this.inBurst = BURST_RECORDS - 1;
    return micros + this.silence();
  }

  /** Microseconds of silence before the next record, nearly always none. */
  silence(): number {
    if (this.gaps === 0 || !this.happens(1 / this.gaps)) return 0;
    return Math.floor(HOUR * (1 + 11 * this.random.unit()));
  }

  private happens(share: number): boolean {
    return share > 0 && this.random.unit() < share;
  }
}
