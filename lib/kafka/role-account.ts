/** What a process did as one of those that share a run, since it began. */
export interface RoleAccount {
  commits: number;
  /** Seconds that these took, all together. */
  commitSeconds: number;
  /** How often the group was divided anew. */
  rebalances: number;
  /** Bytes of state that were read before it was gone on with. */
  restoredBytes: number;
}

export function emptyRoleAccount(): RoleAccount {
  return { commits: 0, commitSeconds: 0, rebalances: 0, restoredBytes: 0 };
}
