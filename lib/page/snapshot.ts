/**
 * What the page shows: aggregates alone, never records. The head is JSON; what grows with users and days is columns of
 * whole numbers (columns.ts). The server makes it, the page and the report read the same.
 */

/** Of this layout; a page reads its own alone. */
export const VERSION = 6;

/** One row a (user, target, day), ascending by pair and day: any range, user, target and namespace derives from these. */
export interface Cells {
  /** Index of the pair. */
  readonly pair: Uint32Array;
  /** Days since the epoch, UTC, by a session's start. */
  readonly day: Uint32Array;
  readonly sessions: Uint32Array;
  /** Seconds in sessions, in whole units (`Head.secondsUnit`); the rounding of any that follow each other adds up to less than one. */
  readonly seconds: Uint32Array;
}

/** One row a (user, target): indexes into the head's names. */
export interface Pairs {
  readonly user: Uint32Array;
  readonly target: Uint32Array;
}

/** What began and ended by minute since the epoch, ascending. */
export interface Activity {
  readonly minute: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** The most sessions at once in the minute. */
  readonly most: Uint32Array;
}

export interface Target {
  readonly name: string;
  readonly namespace: string;
}

/** Who took which port of which target, and by which filter. */
export interface PortUse {
  readonly port: string;
  readonly target: number;
  readonly user: number;
  readonly action: string;
  /** HTTP filter; empty where all traffic was taken. */
  readonly filter: string;
  /** Sessions that used it so. */
  readonly sessions: number;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Of the port of the target: steals that began while another had the same requests, whoever they were. */
  readonly collisions: number;
}

/** Log records of a module and level. */
export interface ModuleRecords {
  readonly module: string;
  readonly level: string;
  readonly records: number;
}

/** The history of one metric of one source, for OpenZiti's metrics and the Operator's own. */
export interface MetricHistory {
  readonly source: string;
  readonly metric: string;
  /** `name=value`, several with commas; empty where there are none. */
  readonly labels: string;
  readonly type: string;
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  /** By key of the metric (`value`, `p95`, `m1_rate`): a number for each time; null where it had none. */
  readonly keys: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface Head {
  readonly version: typeof VERSION;
  readonly title: string;
  /** Milliseconds since the epoch: when this was made, by event time where nothing is live. */
  readonly made: number;
  readonly live: boolean;
  /** Of the records; undefined where there were none with a time. Milliseconds since the epoch. */
  readonly period: { readonly from: number; readonly to: number } | undefined;
  readonly records: { readonly read: number; readonly rejected: number; readonly other: number };
  readonly sessions: {
    readonly active: number;
    readonly withoutStart: number;
    readonly withoutEnd: number;
  };
  /** What the seconds of cells are a multiple of: 1, or 60 of so many cells that finer ones would say nothing. */
  readonly secondsUnit: number;
  /** What the cells leave out beyond their bound, so that totals are whole. */
  readonly remainder: { readonly pairs: number; readonly sessions: number; readonly seconds: number };
  readonly users: readonly string[];
  readonly targets: readonly Target[];
  readonly ports: readonly PortUse[];
  readonly modules: readonly ModuleRecords[];
  readonly metrics: readonly MetricHistory[];
}

export interface Snapshot {
  readonly head: Head;
  readonly pairs: Pairs;
  readonly cells: Cells;
  readonly activity: Activity;
}
