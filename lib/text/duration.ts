/** Go's units in milliseconds. */
const units: ReadonlyMap<string, number> = new Map([
  ['h', 3600e3],
  ['m', 60e3],
  ['s', 1e3],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ns', 1e-6],
]);

const part = /(\d+\.?\d*|\.\d+)(h|ms|us|µs|μs|ns|m|s)/y;

/** Go's limit: an int64 of nanoseconds, some 292 years. */
const longest = 2 ** 63 / 1e6;

/**
 * A duration in Go's syntax, such as `1h30m`, `1.5s`, `-500ms` or `0`, in milliseconds; undefined if it is none.
 */
export function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  if (digits === '0') return 0;
  let milliseconds = 0;
  let end = 0;
  while (end < digits.length) {
    part.lastIndex = end;
    const match = part.exec(digits);
    if (match === null) return undefined;
    milliseconds += wholeNanoseconds(Number(match[1]) * units.get(match[2]!)!);
    end = part.lastIndex;
  }
  if (end === 0 || milliseconds >= longest) return undefined;
  return sign * milliseconds || 0;
}

/** Without the tail that a decimal fraction leaves in binary. */
function wholeNanoseconds(milliseconds: number): number {
  return Number.isInteger(milliseconds) ? milliseconds : Math.round(milliseconds * 1e6) / 1e6;
}

/** Milliseconds as a duration that `parseDuration` reads back: `1m`, `1h30m`, `1.5s`, `250ms`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  let rest = Math.abs(milliseconds);
  let text = milliseconds < 0 ? '-' : '';
  if (rest < 1000) return `${text}${rest}ms`;
  for (const [unit, size] of [
    ['h', 3600e3],
    ['m', 60e3],
  ] as const) {
    const whole = Math.floor(rest / size);
    if (whole > 0) text += `${whole}${unit}`;
    rest -= whole * size;
  }
  return rest === 0 ? text : `${text}${Number((rest / 1000).toFixed(9))}s`;
}
