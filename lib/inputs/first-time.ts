import { parseSeconds } from '../text/time.ts';

const iso = String.raw`(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\d*(Z|[+-]\d\d:?\d\d)?`;
const named = new RegExp(String.raw`"(?:@?timestamp|time)"\s*:\s*"${iso}`, 'i');
const anywhere = new RegExp(iso);
const namedParts = /"timestamp"\s*:\s*\{\s*"seconds"\s*:\s*(\d+)(?:\s*,\s*"nanos"\s*:\s*(\d+))?/;

/** An instant: whole seconds since the epoch, and nanoseconds. */
export type Instant = readonly [seconds: number, nanos: number];

/**
 * The time of the first record of a text, whatever its framing: of its timestamp if it has one by that name, else the
 * first date and time in it. undefined where there is none.
 */
export function firstTime(text: string): Instant | undefined {
  const parts = namedParts.exec(text);
  const match = named.exec(text);
  if (parts !== null && (match === null || parts.index < match.index)) {
    return [Number(parts[1]), Number(parts[2] ?? 0)];
  }
  const [, date, time, fraction = '', zone = 'Z'] = match ?? anywhere.exec(text) ?? [];
  const seconds = parseSeconds(`${date}T${time}${zone}`);
  return Number.isNaN(seconds) ? undefined : [seconds, Number(fraction.padEnd(9, '0'))];
}

/** What has no time comes last. */
export function compareInstants(a: Instant | undefined, b: Instant | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a[0] - b[0] || a[1] - b[1];
}
