/** By what sessions may be grouped and sorted: the words of the command line. */
export const groupKeys = ['user', 'client', 'target', 'namespace', 'port', 'day', 'week', 'hour'] as const;
export type GroupKey = (typeof groupKeys)[number];

export const sortKeys = ['sessions', 'time', 'p50', 'p95', 'max', 'first', 'last', 'users', 'key'] as const;
export type SortKey = (typeof sortKeys)[number];
