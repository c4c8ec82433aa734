export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const MINUTES_A_DAY = DAY_MS / MINUTE_MS;

/** Days that are never put together where there is too much of the past. */
export const FINE_DAYS = 92;

/** The Monday on or before a day; 1 January 1970 was a Thursday, and no day is before it. */
export const weekOf = (day: number): number => Math.max(0, day - ((day + 3) % 7));

export function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS);
}
