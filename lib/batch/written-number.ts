import { numberOfText } from '../text/number.ts';
import { type Column, ValueType } from './batch.ts';

/** The number that a record has in a column, also one that is written as a text; NaN for anything else. */
export function writtenNumber(column: Column, row: number): number {
  if (column.type(row) !== ValueType.string) return column.number(row);
  return numberOfText(column.text(row) ?? '');
}
