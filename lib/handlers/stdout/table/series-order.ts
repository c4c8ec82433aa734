import type { Order, SeriesKey } from '../order.ts';
import type { Row } from './table-rows.ts';

/** What a key of the command line is called in an event: the first of them that it has. */
const eventKeys: Readonly<Partial<Record<SeriesKey, readonly string[]>>> = {
  count: ['count', 'value'],
  rate: ['m1_rate'],
};

const natural = new Intl.Collator('en', { numeric: true });

/** One series, and its labels' values in the order of its metric's label names, '' where it has none. */
export interface Series {
  readonly row: Row;
  readonly values: readonly string[];
}

/**
 * A metric's series as far as they are told: in the natural order of their labels; where only the top is told, or a
 * figure is asked for, the greatest first, and those without it last.
 */
export function orderSeries(series: readonly Series[], { sort, top }: Order<SeriesKey>): Series[] {
  const by = sort ?? (top === undefined ? 'key' : 'count');
  const figure = ({ numbers }: Row): number => {
    if (by === 'key') return 0;
    const found = (eventKeys[by] ?? [by]).map((key) => numbers[key]);
    return found.find((value) => typeof value === 'number') ?? Number.NEGATIVE_INFINITY;
  };
  const ranked = series.map((one) => ({ one, figure: figure(one.row), text: one.values.join('\0') }));
  ranked.sort((a, b) => (a.figure === b.figure ? natural.compare(a.text, b.text) : b.figure - a.figure));
  return ranked.slice(0, top).map(({ one }) => one);
}
