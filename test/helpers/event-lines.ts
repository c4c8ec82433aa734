/** A metric event as `-o json` prints it. */
export interface EventLine {
  readonly metrics: Record<string, number>;
}

/** What agrees to 1e-12 only, however a log is cut. */
export const rateKeys = ['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate'];

export const eventsOf = <E extends EventLine = EventLine>(text: string): E[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** All else of an event, to be compared byte by byte. */
export const withoutRates = ({ metrics, ...event }: EventLine): string =>
  JSON.stringify([event, Object.entries(metrics).filter(([key]) => !rateKeys.includes(key))]);
