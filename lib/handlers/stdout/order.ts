import { MirrormonError } from '../../errors.ts';
import { type SortKey, sortKeys } from '../../usage/group-keys.ts';

/** By what a table's series may be sorted: by their labels, or the greatest first by a figure of theirs. */
export const seriesKeys = ['key', 'count', 'rate', 'mean', 'p50', 'p95', 'p99', 'max'] as const;
export type SeriesKey = (typeof seriesKeys)[number];

/** What --sort takes: the words of the summary and those of the table. */
export const orderKeys: readonly string[] = [...new Set([...sortKeys, ...seriesKeys])];

/** In which order rows are told, and how many of them: of the summary's sections, or of a table's metrics. */
export interface Order<Key> {
  /** undefined = as is usual there. */
  readonly sort?: Key | undefined;
  readonly top?: number | undefined;
}

const keysOf: Readonly<Record<string, readonly string[]>> = { summary: sortKeys, table: seriesKeys };

/**
 * Sees to it that what was asked for can be done.
 * @param formats of the handlers that write to standard output
 * @throws {MirrormonError} USAGE where none of them has an order, or not by this key
 */
export function checkOrder({ sort, top }: Order<string>, formats: readonly string[]): void {
  if (sort === undefined && top === undefined) return;
  const option = sort === undefined ? '--top' : '--sort';
  const ordered = formats.filter((format) => keysOf[format] !== undefined);
  if (ordered.length === 0) {
    throw new MirrormonError('USAGE', `${option} is of the summary and the table, and neither is written`, {
      hint: 'add -o summary or -o table; mirrormon usage has it, too',
    });
  }
  for (const format of ordered) {
    if (sort === undefined || keysOf[format]!.includes(sort)) continue;
    throw new MirrormonError('USAGE', `the ${format} cannot be sorted by '${sort}'`, {
      hint: `it is one of ${keysOf[format]!.join(', ')}`,
    });
  }
}

/** The order if its key is one of the table's. */
export function seriesOrder({ sort, top }: Order<string>): Order<SeriesKey> {
  return { sort: seriesKeys.find((key) => key === sort), top };
}

/** The order if its key is one of the summary's. */
export function groupOrder({ sort, top }: Order<string>): Order<SortKey> {
  return { sort: sortKeys.find((key) => key === sort), top };
}
