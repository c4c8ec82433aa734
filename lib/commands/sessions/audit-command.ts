import type { Buffer } from 'node:buffer';
import { duration } from '../../text/figures.ts';
import { formatTimestamp } from '../../text/time.ts';
import { type AuditRow, AuditTable } from '../../usage/audit-rows.ts';
import type { AnswerFormat as Format } from '../cli/shared-options.ts';
import type { Io } from '../io.ts';
import { lookOf } from '../look.ts';
import type { AnswerColumn, AnswerLook } from './answer-columns.ts';
import { type AuditColumn, auditPieces } from './audit-pieces.ts';
import { answerPieces, bulkStyleOf } from './formats.ts';
import { havingOf } from './having.ts';
import { noSessionText, type ReadOptions, readSessions } from './read-sessions.ts';
import { type AuditKey, ordered } from './row-order.ts';
import { MEASURED_ROWS } from './table-pieces.ts';
import { writePieces } from './write-lines.ts';

export interface AuditOptions extends ReadOptions {
  readonly format?: Exclude<Format, 'markdown'> | undefined;
  /** Conditions on columns: which rows are told. */
  readonly having?: readonly string[] | undefined;
  /** By start, if not given. */
  readonly sort?: AuditKey | undefined;
  readonly top?: number | undefined;
}

/**
 * One row per session: who, what, from when to when, which ports. Gives the exit status.
 * @throws {MirrormonError} USAGE for conditions that are none
 */
export async function audit(files: readonly string[], options: AuditOptions, io: Io): Promise<number> {
  const { having = [] } = options;
  const isAsked = havingOf(having, columns);
  const read = await readSessions(files, options, io, true);
  if (read.usage !== undefined) {
    const found = { count: 0 };
    const all = new AuditTable(read.usage);
    if (having.length === 0) found.count = all.length;
    const format = options.format ?? 'table';
    const look = lookOf(io, options);
    const isWhole = having.length === 0 && options.sort === undefined && options.top === undefined;
    const rows = ordered(having.length === 0 ? all.rows() : asked(all.rows(), isAsked, found), options);
    const pieces = isWhole ? allPieces(all, format, look) : undefined;
    await writePieces(pieces ?? answerPieces(rows, columns, format, look), io.stdout);
    if (found.count === 0) read.messages.note(noSessionText(options, having));
  }
  return await read.conclude();
}

/** All sessions as bytes; undefined where they are few, or are not written in bulk. */
function allPieces(all: AuditTable, format: Format, look: AnswerLook): Iterable<Buffer> | undefined {
  if (all.length < MEASURED_ROWS) return undefined;
  const first = (): AuditRow[] => Array.from({ length: MEASURED_ROWS }, (_, k) => all.row(k));
  const style = bulkStyleOf(first, columns, format, look);
  return style && auditPieces(all, columns, style);
}

/** @param found counts them */
function* asked(
  rows: Iterable<AuditRow>,
  isAsked: (row: AuditRow) => boolean,
  found: { count: number },
): Generator<AuditRow> {
  for (const row of rows) {
    if (!isAsked(row)) continue;
    found.count++;
    yield row;
  }
}

const time = (of: (row: AuditRow) => number | undefined): Pick<AnswerColumn<AuditRow>, 'value' | 'time'> => ({
  value: (row) => {
    const ms = of(row);
    return ms === undefined ? null : formatTimestamp(ms);
  },
  time: of,
});

const ofPerson = { isName: true, of: ({ person }: AuditRow) => person, cell: 'person' } as const;
const ofPlace = { isName: true, of: ({ place }: AuditRow) => place, cell: 'place' } as const;
const ofTaken = { isName: true, of: ({ taken }: AuditRow) => taken, cell: 'taken' } as const;

const columns: readonly AuditColumn[] = [
  { name: 'session_id', value: ({ id }) => id, cell: 'id', isName: true, dispensable: 8 },
  { name: 'user', value: ({ person }) => person.user, ...ofPerson, dispensable: 6 },
  { name: 'client_user', value: ({ person }) => person.clientUser, ...ofPerson },
  { name: 'hostname', value: ({ person }) => person.hostname, ...ofPerson, dispensable: 7 },
  { name: 'client_id', value: ({ person }) => person.clientId, ...ofPerson, dispensable: 9 },
  { name: 'target', value: ({ place }) => place.target, ...ofPlace },
  { name: 'namespace', value: ({ place }) => place.namespace, ...ofPlace, dispensable: 1 },
  { name: 'start', ...time(({ start }) => start), cell: 'start' },
  { name: 'end', ...time(({ end }) => end), cell: 'end', dispensable: 5 },
  {
    name: 'seconds',
    value: ({ seconds }) => seconds,
    shown: ({ seconds }) => duration(seconds),
    title: 'TIME',
    cell: 'seconds',
  },
  { name: 'ports', value: ({ taken }) => taken.ports, ...ofTaken },
  { name: 'filters', value: ({ taken }) => taken.filters, ...ofTaken, dispensable: 4 },
  { name: 'copies', value: ({ copies }) => copies, cell: 'rest', isName: true, dispensable: 3 },
  { name: 'missing', value: ({ missing }) => missing, cell: 'rest' },
  { name: 'held', value: ({ held }) => held, cell: 'rest', isName: true, dispensable: 2 },
];
