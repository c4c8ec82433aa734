import type { IncomingHttpHeaders } from 'node:http';

/** More is not waited for: a slip in a header must not silence an export for a day. */
const LONGEST_MS = 10 * 60_000;

/** The dates that HTTP allows (RFC 9110, 5.6.7) all begin with the name of a day; Date.parse takes far more. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/**
 * Milliseconds for which an answer asks not to be tried again, by its Retry-After header: seconds, or a date, which is
 * understood by the clock of who wrote it. undefined if it does not ask.
 * @param now milliseconds since the epoch, for answers that do not tell their own time
 */
export function retryAfter(headers: IncomingHttpHeaders, now: number): number | undefined {
  const wanted = headers['retry-after']?.trim() ?? '';
  const ms = /^\d+$/.test(wanted) ? Number(wanted) * 1000 : until(wanted, headers.date, now);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}

function until(wanted: string, written: string | undefined, now: number): number {
  const sent = dateOf(written ?? '');
  return dateOf(wanted) - (Number.isNaN(sent) ? now : sent);
}

/** asctime's format names no zone, but means UTC like the others. */
function dateOf(text: string): number {
  if (!httpDate.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
