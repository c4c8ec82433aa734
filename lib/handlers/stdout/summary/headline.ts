import { shorten, widthOf } from '../../../text/display.ts';
import { duration } from '../../../text/figures.ts';
import type { Paint } from '../../../text/paint.ts';
import { printable } from '../../../text/printable.ts';
import { thousands } from '../../../text/thousands.ts';
import { formatMinute } from '../../../text/time.ts';
import type { SummaryFacts } from './facts.ts';

/** What was read, the period, the figures of all, and what is missing: the first lines of a summary. */
export function headLines(facts: SummaryFacts, width: number, paint: Paint): string[] {
  return [
    ...flowing(readParts(facts, width, paint), width),
    ...flowing(sessionParts(facts, paint), width),
    ...flowing(eventParts(facts, paint), width),
    ...flowing(missingParts(facts, paint), width),
  ];
}

interface Part {
  readonly text: string;
  readonly painted: string;
}

const part = (text: string, paint: (text: string) => string = (same) => same): Part => ({
  text,
  painted: paint(text),
});

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${thousands(value)} ${value === 1 ? one : many}`;
}

function readParts(facts: SummaryFacts, width: number, paint: Paint): Part[] {
  const { records, rejected, other, outside, inputs, oldest, newest } = facts;
  const bad = [...rejected.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...rejected].map(([reason, count]) => `${thousands(count)} ${reason}`).join(', ');
  const understood = bad === 0 && other === 0 && records > 0 ? ', all understood' : '';
  const parts = [part(`${counted(records, 'record')}${understood}`, paint.bold)];
  if (bad > 0) parts.push(part(`${thousands(bad)} not understood (${reasons})`, paint.error));
  if (other > 0) parts.push(part(`${thousands(other)} of no known kind`, paint.warning));
  if (outside > 0) parts.push(part(`${thousands(outside)} left out`));
  if (newest >= oldest) {
    parts.push(part(`${spanText(oldest, newest)} UTC (${duration((newest - oldest) / 1000)})`));
  }
  const [first, ...more] = inputs;
  if (first !== undefined) {
    const name = first === '-' ? 'standard input' : printable(first);
    const others = more.length === 0 ? '' : ` and ${counted(more.length, 'more input')}`;
    parts.push(part(shorten(name, Math.max(20, width - others.length - 4)) + others, paint.dim));
  }
  return parts;
}

/** The day is not said twice. */
function spanText(from: number, to: number): string {
  const [first, last] = [formatMinute(from), formatMinute(to)];
  return first.slice(0, 10) === last.slice(0, 10) ? `${first} to ${last.slice(11)}` : `${first} to ${last}`;
}

function sessionParts({ users, targets, concurrency, newest }: SummaryFacts, paint: Paint): Part[] {
  const { sessions, seconds } = users.total;
  if (sessions === 0) return [];
  const groups = ({ groups: told, rest }: typeof users): number => told.length + (rest?.groups ?? 0);
  const { most, at, open } = concurrency;
  const when = newest - at < 86_400_000 ? formatMinute(at).slice(11) : formatMinute(at);
  return [
    part(counted(sessions, 'session'), paint.bold),
    part(counted(groups(users), 'user'), paint.bold),
    part(counted(groups(targets), 'target'), paint.bold),
    part(`${duration(seconds)} in session`),
    part(`most at once ${thousands(most)} (${when})`),
    part(`${thousands(open)} open`),
  ];
}

function eventParts({ series, events }: SummaryFacts, paint: Paint): Part[] {
  const sources = new Set(series.map(({ source }) => source)).size;
  const metrics = new Set(series.map(({ metric }) => metric)).size;
  const parts = [...events].map(([type, count]) => part(counted(count, `${type} event`)));
  if (sources === 0) return parts;
  return [
    part(counted(sources, 'source'), paint.bold),
    part(counted(metrics, 'metric'), paint.bold),
    ...parts,
  ];
}

function missingParts({ startsMissing, endsMissing }: SummaryFacts, paint: Paint): Part[] {
  const parts: Part[] = [];
  if (startsMissing > 0)
    parts.push(part(`${counted(startsMissing, 'session')} without a start`, paint.warning));
  if (endsMissing > 0) parts.push(part(`${counted(endsMissing, 'session')} without an end`, paint.warning));
  return parts;
}

const BETWEEN = ' · ';

/** Parts in lines, none of them torn where it fits a line. */
function flowing(parts: readonly Part[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { text, painted } of parts) {
    const wide = widthOf(text);
    if (used > 0 && used + BETWEEN.length + wide > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += used === 0 ? painted : BETWEEN + painted;
    used += wide + (used === 0 ? 0 : BETWEEN.length);
  }
  return used === 0 ? lines : [...lines, line];
}
