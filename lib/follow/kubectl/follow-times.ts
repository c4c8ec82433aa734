/** Milliseconds; see TIMES for what they are by default. */
export interface FollowTimes {
  /** Between two looks at the pods of a workload. */
  readonly poll: number;
  /** So long without a line, and kubectl is started anew: it may have missed a rotation. Grows while that is of no use. */
  readonly silence: number;
  /** Before kubectl is started again, the first time; grows to the greatest while it is of no use. */
  readonly backOff: number;
  readonly greatestBackOff: number;
}

export const TIMES: FollowTimes = { poll: 5_000, silence: 30_000, backOff: 250, greatestBackOff: 10_000 };
