/** Keys from the root of a record down to a value. */
export type Path = readonly string[];

/** A value by the name its users know, wherever a record's layout keeps it: the first path that is present wins. */
export interface Field {
  readonly index: number;
  readonly name: string;
  readonly paths: readonly Path[];
  /**
   * The top-level key whose first occurrence is this field's value where a flattened record has it more than once; the
   * paths are not looked at then. Of equal keys the last one counts everywhere else, as with JSON.parse.
   *
   * A record is flattened if it has a top-level key `level` and its `fields` is no object (absent, or anything else). Keys are compared decoded, so one that is written with escapes counts; `fields` and `level`
   * are those that JSON.parse keeps, the last ones. An occurrence counts whatever its value, null included. With
   * flattened events `tracing` writes `timestamp` and `level` before the event's fields, and the module's `target`
   * behind them, so that a session's `target` and the real time and level are what JSON.parse loses.
   *
   * A batch's own `time` and `level` are read by the same rule, from `timestamp` and `level`.
   */
  readonly shadowed?: ShadowedKey | undefined;
}

/** The keys that a flattened record can have twice and of which the first one matters. */
export const shadowedKeys = ['timestamp', 'level', 'target'] as const;
export type ShadowedKey = (typeof shadowedKeys)[number];

/** Several fields read together as the labels of a series, interned as one tuple. */
export interface LabelSet {
  readonly index: number;
  readonly fields: readonly Field[];
}

/**
 * Keys known only by how they begin, such as `monotonic_counter.`: a record is asked whether it has one, in the object
 * at one of `under` ([] is the record itself).
 */
export interface KeyFamily {
  readonly index: number;
  readonly under: readonly Path[];
  readonly prefixes: readonly string[];
  /** Keys that are no members although they begin so. */
  readonly except: readonly string[];
}
