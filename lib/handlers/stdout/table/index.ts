import type { Flow, Picks } from '../../../batch/batch.ts';
import { paintOf } from '../../../text/paint.ts';
import { printable } from '../../../text/printable.ts';
import type { Unwritable } from '../../unwritable.ts';
import type { Order, SeriesKey } from '../order.ts';
import { renderBlock } from './block.ts';
import type { Row } from './table-rows.ts';
import { rowOf } from './table-rows.ts';

/** The width is asked for at each report: a terminal can be resized. */
export interface TableLook {
  readonly columns?: number | undefined;
  readonly color: boolean;
}

/** Events of one time and source that wait to be one block. */
const MOST_HELD = 65_536;

/**
 * Metric events for people: a block for each report of each source under its time, the metrics sorted, each with its
 * series. Whatever else was selected stands as a line between the blocks.
 */
export class TableWriter {
  private readonly look: TableLook;
  private readonly order: Order<SeriesKey>;
  /** The block at hand, where more of it may come. */
  private held: Row[] = [];
  private empty = true;
  private heading = '';

  constructor(look: TableLook, order: Order<SeriesKey> = {}) {
    this.look = look;
    this.order = order;
  }

  /**
   * @param goesOn whether the last block may go on in the next flow, so that it waits for that, or for the end
   * @returns how many of the picks cannot be shown, beside the text of all others
   */
  render(
    flow: Flow,
    picks: Picks,
    unwritable?: Pick<Unwritable, 'tell'>,
    goesOn = false,
  ): { text: string; lost: number } {
    let text = '';
    let lost = 0;
    let block = this.held;
    this.held = [];
    const endBlock = () => {
      if (block.length > 0) text += this.block(block);
      block = [];
    };
    for (let pick = 0; pick < picks.count; pick++) {
      let row: Row | undefined;
      try {
        row = rowOf(flow, picks, pick);
      } catch (error) {
        if (unwritable === undefined) throw error;
        unwritable.tell(flow.batch, picks.row[pick]!, error);
        lost++;
        continue;
      }
      if (row === undefined) {
        endBlock();
        text += this.line(flow, picks.row[pick]!);
        continue;
      }
      if (block.length > 0 && (block[0]!.time !== row.time || block[0]!.source !== row.source)) endBlock();
      block.push(row);
    }
    if (goesOn && block.length < MOST_HELD) this.held = block;
    else endBlock();
    return { text, lost };
  }

  /** What still waited for more of it. */
  end(): string {
    const rows = this.held;
    this.held = [];
    return rows.length === 0 ? '' : this.block(rows);
  }

  /** A report that comes in several parts keeps the one heading. */
  private block(rows: readonly Row[]): string {
    const { columns, color } = this.look;
    const heading = headingOf(rows[0]!);
    const table = renderBlock(rows, { columns, color }, this.order);
    const continued = heading === this.heading;
    const separator = this.empty || continued ? '' : '\n';
    this.empty = false;
    this.heading = heading;
    if (continued) return table;
    // time and source stand below one another where a line has no room for both
    const lines = columns !== undefined && heading.length > columns ? heading.split('  ') : [heading];
    const { bold } = paintOf(color);
    return `${separator}${lines.map((line) => `${bold(line)}\n`).join('')}${table}`;
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
  const moment = Number.isNaN(new Date(time).getTime())
    ? 'no time'
    : new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/(\.000)?Z$/, ' UTC');
  return source === '' ? moment : `${moment}  ${source}`;
}
