/** Numbers, durations and times as people read them; the same in the page, whatever the browser's language. */

const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });

export const count = (n: number): string => thousands.format(n);

/** For axes and tight places: 1.2K, 3M. */
export const compact = (n: number): string => short.format(n);

/** A measured value with at most six digits that mean something. */
export function figure(n: number): string {
  const size = Math.abs(n);
  if (size >= 1e9) return short.format(n);
  return size > 0 && size < 1e-4 ? n.toExponential(2) : exact.format(n);
}

/** Two units at most: 12s, 4m 5s, 3h 20m, 1,893h. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'm', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 100 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  return `${count(minutes / 60)}h`;
}

function pair(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit} ${small}${smaller}`;
}

/** 2026-07-31. */
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** 2026-07-31 13:37, UTC. */
export const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** The day of a text such as 2026-07-31; undefined if it is none. */
export function dayOf(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms / 86_400_000;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Times of an axis, UTC: the clock within days, else the day, the month or the year that begins. The first one says of
 * which day or year it is, too: nothing before it does.
 */
export function tickTexts(times: readonly Date[]): string[] {
  const areMonths =
    times.length > 1 && times.every((time) => time.toISOString().slice(8, 19) === '01T00:00:00');
  const clockEnd = times.some((time) => time.getUTCSeconds() > 0) ? 19 : 16;
  return times.map((time, k) => {
    const isFirst = k === 0;
    const clock = time.toISOString().slice(11, clockEnd);
    const month = months[time.getUTCMonth()]!;
    const day = `${month} ${time.getUTCDate()}`;
    if (!clock.startsWith('00:00') || time.getUTCSeconds() > 0) return isFirst ? `${day} ${clock}` : clock;
    const year = String(time.getUTCFullYear());
    const within = time.getUTCDate() === 1 && (areMonths || !isFirst) ? month : day;
    if (within === 'Jan') return year;
    return isFirst ? `${within} ${year}` : within;
  });
}
