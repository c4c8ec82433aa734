/** What a full reservoir does with a new value; see `Reservoirs`. */
export type Admission = 'newest' | 'priority';

/** What reservoirs of one pool have in common. */
export interface ReservoirsOptions {
  /** the most values that are kept: an integer from 1 to 2^24; default 128 */
  size?: number;
  /** how fast a value loses weight, per second, 0 or more: after t seconds it weighs exp(-alpha t); default 0.015 */
  alpha?: number;
  /** default newest */
  admission?: Admission;
  /** of values at one time the later call is the newest; default false: which, the random numbers decide */
  laterStays?: boolean;
}

export interface ReservoirOptions extends Omit<ReservoirsOptions, 'laterStays'> {
  /** uniform in (0,1), called once per update; without it the numbers come from `seed` and `series` */
  random?: () => number;
  /** integer, 0 to 2^53-1; default 1 */
  seed?: number;
  /** integer, 0 to 2^53-1, different for every reservoir under one seed; default 0 */
  series?: number;
}

/** @throws RangeError for a size, alpha or admission outside of their ranges */
export function checkOptions({ size, alpha, admission }: Required<Shape>): void {
  if (!Number.isInteger(size) || size < 1 || size > 2 ** 24) {
    throw new RangeError(`size must be an integer from 1 to 2^24, not ${size}`);
  }
  if (!(alpha >= 0 && alpha < Infinity)) {
    throw new RangeError(`alpha must be 0 or more and finite, not ${alpha}`);
  }
  if (admission !== 'newest' && admission !== 'priority') {
    throw new RangeError(`admission must be newest or priority, not ${String(admission)}`);
  }
}

type Shape = Pick<ReservoirsOptions, 'size' | 'alpha' | 'admission'>;
