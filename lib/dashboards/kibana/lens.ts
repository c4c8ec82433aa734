import type { LogField } from '../log-fields.ts';

export type Json = Record<string, unknown>;

/** The field as Elasticsearch has it. */
export const path = (field: LogField): string => `fields.${field}`;

/** A column of a Lens layer: what rows are grouped by, or a figure. */
export type Column =
  | { readonly kind: 'terms'; readonly label: string; readonly field: string; readonly size?: number }
  | { readonly kind: 'time'; readonly label: string }
  | { readonly kind: 'distinct'; readonly label: string; readonly field: LogField }
  | { readonly kind: 'sum'; readonly label: string; readonly field: LogField }
  | {
      readonly kind: 'percentile';
      readonly label: string;
      readonly field: LogField;
      readonly percentile: number;
    }
  | { readonly kind: 'count'; readonly label: string };

export const terms = (field: LogField, label: string, size = 15): Column => ({
  kind: 'terms',
  label,
  field: path(field),
  size,
});
export const distinct = (field: LogField, label: string): Column => ({ kind: 'distinct', label, field });

const isBucket = ({ kind }: Column): boolean => kind === 'terms' || kind === 'time';

export interface Layer {
  readonly id: string;
  /** Ids of the columns in the order they were given. */
  readonly columns: readonly string[];
  readonly json: Json;
}

function columnJson(column: Column, orderBy: string): Json {
  const common = { label: column.label, customLabel: true, isBucketed: isBucket(column) };
  const figure = { ...common, dataType: 'number', scale: 'ratio' };
  switch (column.kind) {
    case 'time':
      return {
        ...common,
        dataType: 'date',
        operationType: 'date_histogram',
        scale: 'interval',
        sourceField: '@timestamp',
        params: { interval: 'auto', includeEmptyRows: true, dropPartials: false },
      };
    case 'terms':
      return {
        ...common,
        dataType: column.field === path('scale_down') ? 'boolean' : 'string',
        operationType: 'terms',
        scale: 'ordinal',
        sourceField: column.field,
        params: {
          size: column.size ?? 15,
          orderBy: { type: 'column', columnId: orderBy },
          orderDirection: 'desc',
          otherBucket: true,
          missingBucket: false,
          parentFormat: { id: 'terms' },
        },
      };
    case 'distinct':
      return {
        ...figure,
        operationType: 'unique_count',
        sourceField: path(column.field),
        params: { emptyAsNull: true },
      };
    case 'sum':
      return {
        ...figure,
        operationType: 'sum',
        sourceField: path(column.field),
        params: { emptyAsNull: true },
      };
    case 'percentile':
      return {
        ...figure,
        operationType: 'percentile',
        sourceField: path(column.field),
        params: { percentile: column.percentile },
      };
    case 'count':
      return {
        ...figure,
        operationType: 'count',
        sourceField: '___records___',
        params: { emptyAsNull: true },
      };
  }
}

/** A layer of the panel with that id; groups come before figures, as Lens wants it, and the first figure sorts. */
export function layer(panel: string, columns: readonly Column[]): Layer {
  const ids = columns.map((_, place) => `${panel}-column-${place + 1}`);
  const figure = columns.findIndex((column) => !isBucket(column));
  if (figure < 0) throw new RangeError(`panel ${panel} has no figure`);
  const places = columns.map((_, place) => place);
  const order = [
    ...places.filter((place) => isBucket(columns[place]!)),
    ...places.filter((place) => !isBucket(columns[place]!)),
  ];
  const json = {
    columns: Object.fromEntries(
      columns.map((column, place) => [ids[place], columnJson(column, ids[figure]!)]),
    ),
    columnOrder: order.map((place) => ids[place]),
    incompleteColumns: {},
  };
  return { id: `${panel}-layer`, columns: ids, json };
}
