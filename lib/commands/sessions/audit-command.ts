import { duration } from '../../text/figures.ts';
import { formatTimestamp } from '../../text/time.ts';
import { type AuditRow, auditRows } from '../../usage/audit-rows.ts';
import type { AnswerFormat as Format } from '../cli/shared-options.ts';
import type { Io } from '../io.ts';
import { lookOf } from '../look.ts';
import type { AnswerColumn } from './answer-columns.ts';
import { answerPieces } from './formats.ts';
import { havingOf } from './having.ts';
import { type ReadOptions, readSessions } from './read-sessions.ts';
import { type AuditKey, ordered } from './row-order.ts';
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
    const all = auditRows(read.usage);
    if (having.length === 0) found.count = read.usage.sessions.table.length;
    const rows = ordered(having.length === 0 ? all : asked(all, isAsked, found), options);
    const pieces = answerPieces(rows, columns, options.format ?? 'table', lookOf(io, options));
    await writePieces(pieces, io.stdout);
    if (found.count === 0) read.messages.note(noneText(options));
  }
  return await read.conclude();
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

/** Why there is no row: all that restricts which there are. */
function noneText({ since, until, where = [], having = [] }: AuditOptions): string {
  const restrictions = [
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(until === undefined ? [] : [`--until ${until}`]),
    ...where.map((condition) => `--where '${condition}'`),
    ...having.map((condition) => `--having '${condition}'`),
  ];
  if (restrictions.length === 0) return 'there is no session: no record that was read tells of one';
  return `no session matched ${restrictions.join(' and ')}`;
}

const time = (of: (row: AuditRow) => number | undefined): Pick<AnswerColumn<AuditRow>, 'value' | 'time'> => ({
  value: (row) => {
    const ms = of(row);
    return ms === undefined ? null : formatTimestamp(ms);
  },
  time: of,
});

const ofPerson = { isName: true, of: ({ person }: AuditRow) => person };
const ofPlace = { isName: true, of: ({ place }: AuditRow) => place };
const ofTaken = { isName: true, of: ({ taken }: AuditRow) => taken };

const columns: readonly AnswerColumn<AuditRow>[] = [
  { name: 'session_id', value: ({ id }) => id, isName: true, dispensable: 8 },
  { name: 'user', value: ({ person }) => person.user, ...ofPerson, dispensable: 6 },
  { name: 'client_user', value: ({ person }) => person.clientUser, ...ofPerson },
  { name: 'hostname', value: ({ person }) => person.hostname, ...ofPerson, dispensable: 7 },
  { name: 'client_id', value: ({ person }) => person.clientId, ...ofPerson, dispensable: 9 },
  { name: 'target', value: ({ place }) => place.target, ...ofPlace },
  { name: 'namespace', value: ({ place }) => place.namespace, ...ofPlace, dispensable: 1 },
  { name: 'start', ...time(({ start }) => start) },
  { name: 'end', ...time(({ end }) => end), dispensable: 5 },
  {
    name: 'seconds',
    value: ({ seconds }) => seconds,
    shown: ({ seconds }) => duration(seconds),
    title: 'TIME',
  },
  { name: 'ports', value: ({ taken }) => taken.ports, ...ofTaken },
  { name: 'filters', value: ({ taken }) => taken.filters, ...ofTaken, dispensable: 4 },
  { name: 'copies', value: ({ copies }) => copies, isName: true, dispensable: 3 },
  { name: 'missing', value: ({ missing }) => missing },
  { name: 'held', value: ({ held }) => held, isName: true, dispensable: 2 },
];
