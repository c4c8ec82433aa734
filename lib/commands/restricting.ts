import type { Config } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import { Expression } from '../filters/expression.ts';
import type { RestrictionOptions } from '../filters/restriction.ts';
import { parseWhere, type WhereClause, whereFields } from '../filters/where-clause.ts';
import { readInputs } from '../inputs/sources.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { MOMENT_FORMS, type Moment, parseMoment } from '../text/moment.ts';
import { nearest } from '../text/nearest.ts';
import { excerpt } from '../text/printable.ts';
import { formatTimestamp } from '../text/time.ts';
import type { RunOptions } from './invocation.ts';
import type { Io } from './io.ts';

/** As much of a run as says which records count. */
type Asked = Pick<RunOptions, 'since' | 'until' | 'where' | 'inputFormat' | 'records' | 'workers'>;

/**
 * What --since, --until and --where say; undefined where they say nothing. A duration is before now, but for files before
 * their newest record, which is looked for first.
 * @param stood what they said in the run that this one goes on from: there durations end where they did
 * @throws {MirrormonError} USAGE
 */
export async function restrictionOf(
  files: readonly string[],
  asked: Asked,
  config: Config,
  io: Pick<Io, 'stdin'>,
  stood?: RestrictionOptions,
): Promise<RestrictionOptions | undefined> {
  const { since, until, where = [] } = asked;
  if (since === undefined && until === undefined && where.length === 0) return undefined;
  const now = Date.now();
  const from = momentOf('--since', since, now);
  const to = momentOf('--until', until, now);
  const clauses = where.map(clauseOf);
  const isKnown = (moment: Moment | undefined, known: number | undefined): boolean =>
    moment === undefined || 'at' in moment || known !== undefined;
  const isRelative = !isKnown(from, stood?.since) || !isKnown(to, stood?.until);
  const isOfFiles = files.length > 0 && !files.includes('-');
  const base = isRelative && isOfFiles ? await newestOf(files, asked, config, io, now) : now;
  const restriction = {
    since: instantOf(from, base, stood?.since),
    until: instantOf(to, base, stood?.until),
    where: clauses,
  };
  if (
    restriction.since !== undefined &&
    restriction.until !== undefined &&
    restriction.since >= restriction.until
  ) {
    const [first, last] = [restriction.since, restriction.until].map((ms) => formatTimestamp(ms, 3));
    throw new MirrormonError('USAGE', `--since ${since} is not before --until ${until}`, {
      hint: `they are ${first} and ${last}`,
    });
  }
  return restriction;
}

/** What is to be said at the end of conditions that no record could fulfil. */
export function restrictionWarnings({ restriction }: Pick<Pipeline, 'restriction'>): string[] {
  const { unseen = [], uncompared = [] } = restriction ?? {};
  const names = unseen.map((field) => `'${field}'`).join(' and ');
  return [
    ...(unseen.length > 0 ? [`--where asks for ${names}, which no record has`] : []),
    ...uncompared.map(({ clause: { field, operator, value: bound }, value }) => {
      const example = excerpt(Buffer.from(value), 60);
      return `--where '${field}${operator}${bound}' compares numbers, and '${field}' is no number in any record (such as '${example}'), so that none is taken; compare texts by = or != and an RE2 expression`;
    }),
  ];
}

function momentOf(option: string, text: string | undefined, now: number): Moment | undefined {
  if (text === undefined) return undefined;
  const moment = parseMoment(text, now);
  if (moment === undefined) {
    throw new MirrormonError('USAGE', `${option} does not understand '${text}'`, {
      hint: `it takes ${MOMENT_FORMS}`,
    });
  }
  return moment;
}

/** @param stood of a duration, where it ended before */
function instantOf(moment: Moment | undefined, base: number, stood?: number): number | undefined {
  if (moment === undefined) return undefined;
  return 'at' in moment ? moment.at : (stood ?? base - moment.before);
}

function clauseOf(text: string): WhereClause {
  const clause = parseWhere(text);
  if (clause === undefined) {
    throw new MirrormonError('USAGE', `--where does not understand '${text}'`, {
      hint: "it takes FIELD=RE2 or !=, such as 'user=^ada@' ('user=^ada@x.y$' for the whole value), or <, <=, >, >= and a number, such as 'duration>3600'",
    });
  }
  const { field, value, operator } = clause;
  const meant = whereFields.includes(field) || field.includes('.') ? undefined : nearest(field, whereFields);
  if (meant !== undefined) {
    throw new MirrormonError('USAGE', `--where does not know the field '${field}'`, {
      hint: `did you mean ${meant}? a field that is really called so is written fields.${field}`,
    });
  }
  try {
    if (!/^[<>]/.test(operator)) new Expression(value);
  } catch (error) {
    throw new MirrormonError('USAGE', `--where ${field}: '${value}' is no RE2 expression`, {
      hint: error instanceof Error ? error.message : undefined,
    });
  }
  return clause;
}

/** The time of the newest record of files that is not ahead of the clock. What cannot be read is told by the run itself. */
async function newestOf(
  files: readonly string[],
  { inputFormat, records, workers }: Asked,
  config: Config,
  io: Pick<Io, 'stdin'>,
  now: number,
): Promise<number> {
  const pipeline = openPipeline({ ...config, handlers: [] }, { inputFormat, records, workers, usage: true });
  const inputs = readInputs(files, {
    get stdin() {
      return io.stdin;
    },
    onError: () => {},
    onNotice: () => {},
  });
  await pipeline.run(inputs);
  await pipeline.close();
  const newest = pipeline.usage?.newest ?? Number.NEGATIVE_INFINITY;
  return Number.isFinite(newest) ? newest : now;
}
