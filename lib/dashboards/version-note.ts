import type { Metric } from './metrics.ts';

/** Which Operator version each metric needs, for the description of a panel; empty where none is needed. */
export function versionNote(metrics: readonly Metric[]): string {
  const notes = metrics
    .filter(({ since }) => since !== undefined)
    .map(({ name, since, origin }) =>
      origin === 'measurement'
        ? `${name}: Operator ${since} or newer, from metric-bearing records or a scrape.`
        : `${name}: of any Operator version with functional logs; the Operator's own endpoint has it since ${since}.`,
    );
  return notes.join('\n');
}
