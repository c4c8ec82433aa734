import type { Flow, Picks } from '../../../batch/batch.ts';
import { paintOf } from '../../../text/paint.ts';
import { printable } from '../../../text/printable.ts';
import { renderBlock } from './block.ts';
import type { Row } from './table-rows.ts';
import { rowOf } from './table-rows.ts';

/** The width is asked for at each report: a terminal can be resized. */
export interface TableLook {
  readonly columns?: number | undefined;
  readonly color: boolean;
}

/**
 * Metric events for people: a block for each report of each source under its time, the metrics sorted, each with its
 * series. Whatever else was selected stands as a line between the blocks.
 */
export class TableWriter {
  private readonly look: TableLook;
  private empty = true;
  private heading = '';

  constructor(look: TableLook) {
    this.look = look;
  }

  render(flow: Flow, picks: Picks): string {
    let text = '';
    let block: Row[] = [];
    const endBlock = () => {
      if (block.length > 0) text += this.block(block);
      block = [];
    };
    for (let pick = 0; pick < picks.count; pick++) {
      const row = rowOf(flow, picks, pick);
      if (row === undefined) {
        endBlock();
        text += this.line(flow, picks.row[pick]!);
        continue;
      }
      if (block.length > 0 && (block[0]!.time !== row.time || block[0]!.source !== row.source)) endBlock();
      block.push(row);
    }
    endBlock();
    return text;
  }

  /** A report that comes in several parts keeps the one heading. */
  private block(rows: readonly Row[]): string {
    const { columns, color } = this.look;
    const heading = headingOf(rows[0]!);
    const table = renderBlock(rows, { columns, color });
    const continued = heading === this.heading;
    const separator = this.empty || continued ? '' : '\n';
    this.empty = false;
    this.heading = heading;
    return continued ? table : `${separator}${paintOf(color).bold(heading)}\n${table}`;
  }

  private line(flow: Flow, row: number): string {
    const start = flow.batch.offset[row]!;
    const bytes = Buffer.from(flow.batch.bytes.subarray(start, start + flow.batch.length[row]!));
    this.empty = false;
    this.heading = '';
    return `${printable(bytes.toString().trimEnd())}\n`;
  }
}

function headingOf({ time, source }: Row): string {
  const moment = Number.isNaN(time)
    ? 'no time'
    : new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/(\.000)?Z$/, ' UTC');
  return source === '' ? moment : `${moment}  ${source}`;
}
