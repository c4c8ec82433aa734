import type { Buffer } from 'node:buffer';
import { thousandthsOf } from '../../text/number.ts';
import { type AuditRow, type AuditTable, MOST_NUMBERED } from '../../usage/audit-rows.ts';
import { UNTOLD } from '../../usage/session-columns.ts';
import { UNKNOWN } from '../../usage/session-table.ts';
import { rowOfKey } from '../../usage/session-view.ts';
import type { AnswerColumn } from './answer-columns.ts';
import { type BulkCell, type BulkPiece, BulkRows, type BulkStyle, PIECED } from './bulk-rows.ts';

/** What the columns of an audit are written as: all columns of one are side by side. */
const cells = ['id', 'person', 'place', 'start', 'end', 'seconds', 'taken', 'rest'] as const;
const [ID, PERSON, PLACE, START, END, SECONDS, TAKEN, REST] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export interface AuditColumn extends AnswerColumn<AuditRow> {
  readonly cell: (typeof cells)[number];
}

/** Later times, which not all formats have, are written one by one. */
const LAST_TIME = Date.UTC(3000, 0);

/** All sessions of an audit as bytes; undefined where these cannot be written by WebAssembly. */
export function auditPieces(
  table: AuditTable,
  columns: readonly AuditColumn[],
  style: BulkStyle<AuditRow>,
): Iterable<Buffer> | undefined {
  const rows = BulkRows.open({
    cells: cells.map((cell) => bulkCell(cell, columns, style)),
    gap: style.gap,
    end: style.end,
  });
  return rows && written(new AuditLayout(table, columns, style, rows), rows, style);
}

function bulkCell(
  cell: AuditColumn['cell'],
  columns: readonly AuditColumn[],
  style: BulkStyle<AuditRow>,
): BulkCell {
  const index = columns.findIndex((column) => column.cell === cell);
  const own = style.cell(index, cell === 'seconds');
  switch (cell) {
    case 'id':
      return { ...own, kind: 'text' };
    case 'start':
    case 'end':
      return { ...own, kind: style.time };
    case 'seconds':
      return { ...own, kind: style.number };
    default:
      return { kind: 'piece' };
  }
}

function* written(layout: AuditLayout, rows: BulkRows, style: BulkStyle<AuditRow>): Generator<Buffer> {
  const { table } = layout;
  if (style.title.length > 0) yield style.title;
  for (let k = 0; k < table.length; k++) {
    let isLaidOut = layout.layOut(k);
    if (!isLaidOut) {
      yield* rows.write();
      if (rows.isShort) layout.forget();
      isLaidOut = layout.layOut(k);
      if (!isLaidOut) yield style.line(table.row(k));
    }
    if (isLaidOut && rows.next()) yield* rows.write();
  }
  yield* rows.write();
}

/** Lays out the sessions of an audit as rows of cells. */
class AuditLayout {
  readonly table: AuditTable;
  private readonly rows: BulkRows;
  /** By cell what its columns are written as. */
  private readonly pieces: readonly ((row: AuditRow) => BulkPiece | undefined)[];
  /** Addresses of what was written before, by number of a client, of a target, of what was taken, and by UNTOLD. */
  private readonly persons: Uint32Array;
  private readonly places: Uint32Array;
  private readonly taken = new Uint32Array(MOST_NUMBERED + 1);
  private readonly rest = new Uint32Array(UNTOLD.start + UNTOLD.end + 1);
  private odd: { readonly k: number; readonly row: AuditRow };

  constructor(
    table: AuditTable,
    columns: readonly AuditColumn[],
    style: BulkStyle<AuditRow>,
    rows: BulkRows,
  ) {
    this.table = table;
    this.rows = rows;
    this.pieces = cells.map((cell) => {
      const from = columns.findIndex((column) => column.cell === cell);
      const to = columns.findLastIndex((column) => column.cell === cell) + 1;
      return style.piece(from, to);
    });
    this.odd = { k: 0, row: table.row(0) };
    // the last of them is of nobody, and of nothing
    this.persons = new Uint32Array(table.sessions.clients.length + 1);
    this.places = new Uint32Array(table.sessions.targets.length + 1);
  }

  /** What is remembered is written anew when it comes again. There are no rows laid out. */
  forget(): void {
    this.rows.forget();
    for (const known of [this.persons, this.places, this.taken, this.rest]) known.fill(0);
  }

  /** Lays out the k-th session, which is the row at hand then; false if it is to be written alone. */
  layOut(k: number): boolean {
    const { table, rows, persons, places } = this;
    const { words, doubles } = rows;
    const { all } = table;
    const place = table.order[k]!;
    const at = rows.at(0);
    const untold = all.untold[place]!;
    const start = this.timed(k, START, table.start(place));
    const end = (untold & UNTOLD.end) === 0 ? this.timed(k, END, all.end[place]!) : Number.NaN;
    const client = all.client[place]!;
    const target = all.target[place]!;
    const person = this.known(k, PERSON, persons, client === UNKNOWN ? persons.length - 1 : client);
    const where = this.known(k, PLACE, places, target === UNKNOWN ? places.length - 1 : target);
    const taken = this.known(k, TAKEN, this.taken, table.takenNumber(place));
    const rest = this.known(k, REST, this.rest, this.saysMore(place) ? -1 : untold);
    doubles[at + START] = start;
    doubles[at + END] = end;
    words[2 * (at + PERSON)] = person;
    words[2 * (at + PLACE)] = where;
    words[2 * (at + TAKEN)] = taken;
    words[2 * (at + REST)] = rest;
    const isWhole = person !== 0 && where !== 0 && taken !== 0 && rest !== 0 && start !== 0 && end !== 0;
    return this.count(k, at + SECONDS, all.seconds[place]!) && this.call(k, at + ID, place) && isWhole;
  }

  /** Whether anything but a word about what is missing stands behind the ports of a session. */
  private saysMore(place: number): boolean {
    const { table } = this;
    const isOpen = (table.all.untold[place]! & UNTOLD.end) !== 0;
    return table.copies(place).length > 0 || (isOpen && table.all.ports[place] !== UNKNOWN);
  }

  /** @returns the address of a piece; 0 for none */
  private known(k: number, cell: number, known: Uint32Array, number: number): number {
    if (number < 0) return this.add(k, cell, false);
    const address = known[number]!;
    if (address !== 0) return address;
    known[number] = this.add(k, cell, true);
    return known[number];
  }

  private add(k: number, cell: number, lasts: boolean): number {
    // one that has one odd cell has several
    if (this.odd.k !== k) this.odd = { k, row: this.table.row(k) };
    const piece = this.pieces[cell]!(this.odd.row);
    return piece === undefined ? 0 : this.rows.add(piece, lasts);
  }

  /** A time as it is laid out; 0 for none, which is no piece's address. */
  private timed(k: number, cell: number, ms: number): number {
    if ((ms > 0 && ms < LAST_TIME) || Number.isNaN(ms)) return ms;
    return -this.add(k, cell, false);
  }

  private count(k: number, at: number, seconds: number): boolean {
    const { words } = this.rows;
    const thousandths = thousandthsOf(seconds);
    words[2 * at] = thousandths;
    words[2 * at + 1] = thousandths < 0 ? this.add(k, SECONDS, false) : 0;
    return thousandths >= 0 || words[2 * at + 1] !== 0;
  }

  private call(k: number, at: number, place: number): boolean {
    const { rows, table } = this;
    const row = rowOfKey(table.all.key[place]!);
    const length = table.sessions.table.copyPlainId(row, rows.bytes, rows.textAt, rows.textEnd);
    rows.words[2 * at] = length < 0 ? this.add(k, ID, false) : rows.textAt;
    rows.words[2 * at + 1] = length < 0 ? PIECED : length;
    if (length > 0) rows.textAt += length;
    return rows.words[2 * at] !== 0;
  }
}
