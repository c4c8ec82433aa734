/** What every error of `lib/math` carries in `code`. */
export const mathErrorCodes = ['MEASUREMENT_NOT_FINITE', 'RESERVOIR_MERGE'] as const;
export type MathErrorCode = (typeof mathErrorCodes)[number];

/**
 * A measurement that no statistic can take: the value or its time is NaN or infinite, or adding it would leave the
 * range of a double. What threw it is unchanged, so the caller counts a rejected measurement and goes on.
 */
export class MeasurementError extends RangeError {
  readonly code = 'MEASUREMENT_NOT_FINITE';
  override readonly name = 'MeasurementError';
}

/** Two reservoirs that have no common sample: see `Reservoir.merge`. Neither of them is changed. */
export class MergeError extends RangeError {
  readonly code = 'RESERVOIR_MERGE';
  override readonly name = 'MergeError';
}
