import { parseDuration } from './duration.ts';
import { parseTimestamp } from './time.ts';

const DAY = 86_400_000;

/** A point in time as people name it: an instant, or so long before something that is not known yet. Milliseconds. */
export type Moment = { readonly at: number } | { readonly before: number };

/** What a moment may look like, for messages. */
export const MOMENT_FORMS =
  'a time such as 2024-04-01, 2024-04-01T13:37 or 2024-04-01T13:37:00Z (UTC without a zone), today, yesterday, or a duration such as 90m, 7d or 2w';

/** undefined for what is no moment. `now` is for today and yesterday. */
export function parseMoment(text: string, now: number): Moment | undefined {
  const trimmed = text.trim();
  const today = Math.floor(now / DAY) * DAY;
  if (trimmed === 'now') return { at: now };
  if (trimmed === 'today') return { at: today };
  if (trimmed === 'yesterday') return { at: today - DAY };
  const before = parseSpan(trimmed.replace(/ ago$/, '').replaceAll(' ', ''));
  if (before !== undefined) return { before };
  const at = parseInstant(trimmed);
  return Number.isNaN(at) ? undefined : { at };
}

/** A duration of Go's syntax that may begin with weeks and days: `2w`, `1d12h`. Milliseconds; undefined for others. */
export function parseSpan(text: string): number | undefined {
  const [, weeks, days, rest] = /^(?:(\d+)w)?(?:(\d+)d)?(.*)$/s.exec(text)!;
  if (weeks === undefined && days === undefined) {
    const plain = parseDuration(text);
    return plain !== undefined && plain >= 0 && !/^[+-]/.test(text) ? plain : undefined;
  }
  const tail = rest === '' ? 0 : parseDuration(rest!);
  if (tail === undefined || /^[+-]/.test(rest!)) return undefined;
  return (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * DAY + tail;
}

/** RFC 3339, of which the time of day, its seconds and the zone may be left out. NaN for others. */
function parseInstant(text: string): number {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return parseTimestamp(`${text}T00:00:00Z`);
  const [, date, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(Z|z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  return parseTimestamp(`${date.length === 16 ? `${date}:00` : date}${zone}`);
}
