import { MirrormonError } from '../../errors.ts';
import { duration } from '../../text/figures.ts';
import { parseSpan } from '../../text/moment.ts';
import { nearest } from '../../text/nearest.ts';
import { thousands } from '../../text/thousands.ts';
import { formatMinute, formatTimestamp } from '../../text/time.ts';
import { REMAINDER } from '../../usage/dictionary.ts';
import { type GroupKey, groupKeys, type SortKey } from '../../usage/group-keys.ts';
import { type GroupFigures, nothing } from '../../usage/members.ts';
import { ALWAYS, type Period, type Ranking, type RankingOptions, rankingOf } from '../../usage/ranking.ts';
import type { Sessions } from '../../usage/session-store.ts';
import type { AnswerFormat as Format } from '../cli/shared-options.ts';
import type { Io } from '../io.ts';
import { lookOf } from '../look.ts';
import type { AnswerColumn } from './answer-columns.ts';
import { answerPieces } from './formats.ts';
import { noSessionText, type ReadOptions, readSessions } from './read-sessions.ts';
import { writePieces } from './write-lines.ts';

export interface UsageOptions extends ReadOptions {
  /** Each with one key, or several with commas. */
  readonly by?: readonly string[] | undefined;
  readonly sort?: SortKey | undefined;
  readonly top?: number | undefined;
  /** A duration. */
  readonly compare?: string | undefined;
  readonly format?: Format | undefined;
}

/** A group, and beside it the same one of the period before. */
interface Row {
  readonly key: readonly string[];
  readonly figures: GroupFigures;
  readonly before: GroupFigures | undefined;
}

/**
 * Who used what for how long. Gives the exit status.
 * @throws {MirrormonError} USAGE for keys and periods that there are not
 */
export async function usage(files: readonly string[], options: UsageOptions, io: Io): Promise<number> {
  const by = keysOf(options.by ?? ['user']);
  const span = options.compare === undefined ? undefined : spanOf(options);
  const read = await readSessions(files, options, io, false);
  if (read.usage !== undefined) {
    const { sessions, until } = read.usage;
    const rows = rowsOf(sessions, by, until, span, options);
    const format = options.format ?? 'table';
    const pieces = answerPieces(
      withTotal(rows, format),
      columnsOf(by, span !== undefined),
      format,
      lookOf(io, options),
    );
    await writePieces(pieces, io.stdout);
    if (rows.rows.length === 0) read.messages.note(noSessionText(options));
  }
  return await read.conclude();
}

/** Those of decimals that every double holds. */
const DIGITS = 15;

const synonyms: Readonly<Record<string, GroupKey>> = {
  client_user: 'user',
  who: 'user',
  person: 'user',
  client_id: 'client',
  machine: 'client',
  host: 'client',
  deployment: 'target',
  workload: 'target',
  service: 'target',
  pod: 'target',
  ns: 'namespace',
  target_namespace: 'namespace',
  date: 'day',
  hours: 'hour',
  time: 'day',
};

function keysOf(lists: readonly string[]): GroupKey[] {
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  return words.map((word) => {
    const known = groupKeys.find((key) => key === word);
    if (known !== undefined) return known;
    const meant = synonyms[word] ?? nearest(word, groupKeys);
    const all = `it is one of ${groupKeys.join(', ')}, or several with commas`;
    throw new MirrormonError('USAGE', `--by does not know '${word}'`, {
      hint: meant === undefined ? all : `did you mean ${meant}? ${all}`,
    });
  });
}

function spanOf({ compare, since }: UsageOptions): number {
  const span = parseSpan(compare!);
  if (span === undefined || span === 0) {
    throw new MirrormonError('USAGE', `--compare takes a duration, not '${compare}'`, {
      hint: 'such as 7d or 24h: the last 7 days are shown beside the 7 days before them',
    });
  }
  if (since !== undefined) {
    throw new MirrormonError('USAGE', '--compare says itself since when records are read', {
      hint: 'leave --since out; --until may say where the newer period ends',
    });
  }
  return span;
}

function rowsOf(
  sessions: Sessions,
  by: readonly GroupKey[],
  now: number,
  span: number | undefined,
  { sort, top }: UsageOptions,
): { rows: Row[]; total: Row } {
  const rank = (period: Period, which: Pick<RankingOptions, 'top' | 'only'>): Ranking =>
    rankingOf(sessions, { by, now, period, sort, ...which });
  const ranking = rank(span === undefined ? ALWAYS : { from: now - span, to: ALWAYS.to }, { top });
  const { rest, total } = ranking;
  // the same groups apart, and the same others as the rest
  const only = rest && new Set(ranking.groups.map(({ key }) => key.join('\0')));
  const earlier = span === undefined ? undefined : rank({ from: now - 2 * span, to: now - span }, { only });
  const before = new Map(earlier?.groups.map((group) => [group.key.join('\0'), group]));
  const rows = ranking.groups.map((group): Row => {
    return { key: group.key, figures: group, before: before.get(group.key.join('\0')) };
  });
  const told = new Set(ranking.groups.map(({ key }) => key.join('\0')));
  for (const group of earlier?.groups ?? []) {
    if (!told.has(group.key.join('\0'))) rows.push({ key: group.key, figures: nothing, before: group });
  }
  if (rest !== undefined) rows.push({ key: by.map(() => REMAINDER), figures: rest, before: earlier?.rest });
  return {
    rows,
    total: { key: by.map((_, k) => (k === 0 ? 'total' : '')), figures: total, before: earlier?.total },
  };
}

/** In what a machine reads, a total would be counted twice. */
function withTotal({ rows, total }: { rows: readonly Row[]; total: Row }, format: Format): readonly Row[] {
  return format === 'table' || format === 'markdown' ? [...rows, total] : rows;
}

function columnsOf(by: readonly GroupKey[], compares: boolean): AnswerColumn<Row>[] {
  const count = (value: number): string => thousands(value);
  const keys = by.map(
    (name, k): AnswerColumn<Row> => ({
      name,
      isName: true,
      value: ({ key }) => key[k]!,
      shown: ({ key }) => (key[k] === '' && k === 0 ? '(none)' : key[k]!),
    }),
  );
  const numbers: AnswerColumn<Row>[] = [
    number('sessions', ({ sessions }) => sessions, count),
    number('seconds', ({ seconds }) => seconds, duration, { title: 'TIME' }),
    number('p50', ({ p50 }) => p50, duration, { dispensable: 4 }),
    number('p95', ({ p95 }) => p95, duration, { dispensable: 3 }),
    number('max', ({ max }) => max, duration, { dispensable: 5 }),
    moment('first', ({ first }) => first, { dispensable: 7 }),
    moment('last', ({ last }) => last, { dispensable: 6 }),
    number('users', ({ users }) => users, count, { dispensable: 2 }),
  ];
  return [...keys, ...(compares ? comparing(numbers) : numbers)];
}

type Look = Pick<AnswerColumn<Row>, 'title' | 'dispensable'>;

function number(
  name: string,
  of: (figures: GroupFigures) => number,
  show: (value: number) => string,
  look: Look = {},
): AnswerColumn<Row> {
  return {
    name,
    ...look,
    value: ({ figures }) => written(of(figures)),
    shown: ({ figures }) => show(of(figures)),
  };
}

/** A sum, or a value between two, without what the binary of decimals leaves in its last places. */
function written(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function moment(name: string, of: (figures: GroupFigures) => number, look: Look): AnswerColumn<Row> {
  return {
    name,
    ...look,
    value: ({ figures }) => (Number.isFinite(of(figures)) ? formatTimestamp(of(figures)) : null),
    shown: ({ figures }) => formatMinute(of(figures)),
  };
}

/** Sessions and time of the period before behind those of this one, and how much more it is. */
function comparing([sessions, seconds, ...others]: readonly AnswerColumn<Row>[]): AnswerColumn<Row>[] {
  const earlier = (
    of: keyof GroupFigures,
    show: (value: number) => string,
    name: string,
  ): AnswerColumn<Row> => ({
    name,
    title: 'BEFORE',
    value: ({ before }) => written(before?.[of] ?? 0),
    shown: ({ before }) => show(before?.[of] ?? 0),
  });
  const change: AnswerColumn<Row> = {
    name: 'sessions_change',
    title: 'CHANGE',
    value: ({ figures, before }) => figures.sessions - (before?.sessions ?? 0),
    shown: ({ figures, before }) => changeText(figures.sessions - (before?.sessions ?? 0)),
  };
  return [
    sessions!,
    earlier('sessions', thousands, 'sessions_before'),
    change,
    seconds!,
    earlier('seconds', duration, 'seconds_before'),
    ...others,
  ];
}

function changeText(change: number): string {
  return change > 0 ? `+${thousands(change)}` : thousands(change);
}
