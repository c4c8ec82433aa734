import { thousands } from '../../text/thousands.ts';
import { formatTimestamp } from '../../text/time.ts';
import {
  destination,
  entry,
  type Look,
  paragraph,
  refusalText,
  type Told,
  tallyLines,
  touchText,
} from './paragraphs.ts';
import type { RecordStory, Verdict } from './story.ts';
import type { SubscriptionAccount } from './subscription-account.ts';

/** What is told of a list before the rest of it is counted. */
const MOST = 5;
const MOST_KINDS = 12;

/** What became of each of the records that are told. */
export function* storyLines({ explanation }: Told, look: Look): Generator<string> {
  for (const story of explanation.stories) yield* linesOf(story, explanation.accounts.flat(), look);
  const rest = explanation.concerned - explanation.stories.length;
  if (rest > 0 && explanation.stories.length > 0) {
    yield* paragraph(
      `… and ${thousands(rest)} more of them (--top N tells N; --where picks others)`,
      0,
      look,
    );
    yield '';
  }
}

function* linesOf(
  story: RecordStory,
  accounts: readonly SubscriptionAccount[],
  look: Look,
): Generator<string> {
  const { number, input, framing, offset, form, time, kind, text, touches, refused, unmeasured, verdicts } =
    story;
  const place = offset === undefined ? '' : `, byte ${thousands(offset)}`;
  const name = input === '-' ? 'standard input' : input;
  yield look.paint.bold(paragraph(`Record ${thousands(number)} of ${name}${place}`, 0, look).join('\n'));
  yield* paragraph(text.length > 2 * look.width ? `${text.slice(0, 2 * look.width)}…` : text, 2, look);
  const at = Number.isNaN(time) ? 'no time of its own' : formatTimestamp(time, 3);
  yield* entry('read as', `${framing || 'ndjson'}, ${form}; kind ${kind}; ${at}`, look);
  if (touches.length === 0 && refused.length === 0) yield* entry('measures', 'nothing', look);
  for (const touch of touches) {
    yield* entry('measures', `${touchText(touch)} → ${takersOf(touch.metric, accounts)}`, look);
  }
  for (const { metric, reason } of refused)
    yield* entry('refused', `by ${metric}: its value is ${reasons[reason] ?? reason}`, look);
  for (const key of unmeasured.slice(0, MOST)) {
    const why = `${key} is not measured of a ${kind}, whose message says what it measures`;
    yield* entry('left', `${why}; a rule can (metrics.rules, value: ${key})`, look);
  }
  for (const verdict of verdicts) yield* entry(verdict.account.name, verdictText(verdict, kind), look);
  yield '';
}

const reasons: Readonly<Record<string, string>> = {
  'not-a-number': 'not a number',
  'not-finite': 'not finite',
  negative: 'below zero',
  'other-kind': 'meant for another kind of metric',
};

/** Who writes the events of a metric; where nobody does, by which filters. */
function takersOf(metric: string, accounts: readonly SubscriptionAccount[]): string {
  const takers = accounts.filter(({ byMetric }) => (byMetric.get(metric)?.taken ?? 0) > 0);
  if (takers.length > 0) return takers.map(({ name }) => name).join(', ');
  const refusing = accounts.flatMap(({ name, byMetric }) => {
    const words = byMetric.get(metric)?.refusals?.map(({ filter }) => filter.split(' ', 1)[0]);
    return words === undefined ? [] : [`${name}: ${words.join(', ')}`];
  });
  return refusing.length === 0 ? 'nobody: none subscribes to metrics' : `nobody (${refusing.join('; ')})`;
}

function verdictText({ account, result, refusals, keys }: Verdict, kind: string): string {
  if (result === 'other-type') return `takes ${account.takes}; this is ${kindText(kind)}`;
  if (result === 'taken') return keys === undefined ? 'takes it' : `takes of it ${keys.join(', ')}`;
  return refusalText(refusals);
}

/** A kind as what subscriptions take. */
function kindText(kind: string): string {
  if (kind.startsWith('event:')) return `an event of ${kind.slice('event:'.length)}`;
  return kind === 'other' ? 'of no known kind' : 'a log record';
}

/** What became of all records. */
export function* summaryLines(told: Told, look: Look): Generator<string> {
  const { explanation, ledger, config } = told;
  const { records, outside, kinds, unread, metrics } = explanation;
  yield look.paint.bold(`Of ${thousands(records + ledger.rejectedTotal)} records`);
  if (outside > 0) yield* entry('left out', `${thousands(outside)} by --since, --until or --where`, look);
  if (ledger.rejectedTotal > 0) {
    const why = Array.from(ledger.rejected, ([reason, count]) => `${thousands(count)} ${reason}`).join(', ');
    yield* entry('not read', why, look);
    for (const { input, offset, reason, text } of unread)
      yield* paragraph(
        `${input}, byte ${thousands(offset)}, ${reason}: ${text.slice(0, look.width)}`,
        4,
        look,
      );
  }
  yield* entry('kinds', listed(kinds.entries, MOST_KINDS) || 'none', look);
  const measured = [...metrics.values()].filter((account) => account.metric !== undefined);
  const series = thousands(ledger.series);
  yield* entry('measured', `${thousands(measured.length)} metrics, ${series} series`, look);
  for (const [name, { refused }] of metrics) {
    if (refused.entries.length > 0)
      yield* entry('refused', `${name}: ${listed(refused.entries, MOST)}`, look);
  }
  yield '';
  for (const [k, handler] of config.handlers.entries()) {
    const accounts = explanation.accounts[k]!;
    if (accounts.length === 0) {
      yield look.paint.bold(`${handler.name} → ${destination(handler)}`);
      yield* paragraph('shows all that is measured, whatever is subscribed to', 2, look);
      yield '';
    }
    for (const account of accounts) yield* accountLines(account, look);
  }
}

function* accountLines(account: SubscriptionAccount, look: Look): Generator<string> {
  const { name, handler, config, filters, takes, read, made, left } = account;
  const asked = [config.type, ...filters].join(', ');
  yield look.paint.bold(paragraph(`${name} → ${destination(handler)}: ${asked}`, 0, look).join('\n'));
  const parts: string[] = [];
  if (read.looked > 0)
    parts.push(`${thousands(read.taken)} of ${thousands(read.looked)} ${takes} that were read`);
  if (made.looked > 0) parts.push(`${thousands(made.taken)} of ${thousands(made.looked)} ${takes} made here`);
  if (parts.length === 0) parts.push(`nothing: there were no ${takes}`);
  yield* paragraph(`takes ${parts.join(', and ')}`, 2, look);
  for (const [filter, { count, found, note }] of left) {
    const isAll = read.taken + made.taken === 0;
    yield* paragraph(`${thousands(count)} ${count === 1 ? 'does' : 'do'} not fit ${filter}`, 2, look);
    yield* tallyLines(found.entries, MOST, look);
    if (isAll && note !== undefined) yield* paragraph(note, 4, look);
  }
  yield '';
}

/** `log 1,553, session-start 517 and 3 others` */
export function listed(entries: readonly (readonly [text: string, count: number])[], most: number): string {
  const shown = entries.slice(0, most).map(([text, count]) => `${text} ${thousands(count)}`);
  const rest = entries.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${thousands(rest)} others` : '');
}
