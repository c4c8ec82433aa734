/** Measurements of some series of a table: the first `count` of arrays that may be longer. */
export interface Measurements {
  count: number;
  /** Indices of series. */
  series: Uint32Array;
  /** All finite. */
  values: Float64Array;
  /** Milliseconds of event time, finite. */
  times: Float64Array;
  /** Of the record in its series, in (0,1); filled in by the table. */
  randoms: Float64Array;
  /** The rows of the batch that they come from. */
  rows: Uint32Array;
}

export function roomFor(measurements: number): Measurements {
  return {
    count: 0,
    series: new Uint32Array(measurements),
    values: new Float64Array(measurements),
    times: new Float64Array(measurements),
    randoms: new Float64Array(measurements),
    rows: new Uint32Array(measurements),
  };
}
