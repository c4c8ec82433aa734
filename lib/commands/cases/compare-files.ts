import { type Admits, compareEvents, eventsOf } from './compare-events.ts';

/** Lines of a difference that are shown, of each side. */
const SHOWN = 10;

/**
 * What differs between a file as expected and as written.
 * @param tolerance with it, metric events are compared by their values; without, every byte counts
 */
export function compareFiles(expected: Buffer, actual: Buffer, tolerance: Admits | undefined): string[] {
  const [wanted, came] = [expected.toString(), actual.toString()];
  const events = eventsOf(wanted);
  const written = eventsOf(came);
  const comparable = events !== undefined && written !== undefined;
  if (tolerance !== undefined && comparable) return compareEvents(events, written, tolerance);
  if (expected.equals(actual)) return [];
  const byValue = comparable ? compareEvents(events, written, exactly) : [];
  return byValue.length > 0 ? byValue : compareLines(wanted, came);
}

/** Where bytes are known to differ, a difference is shown however small. */
const exactly: Admits = { admits: (_metric, _key, a, b) => Object.is(a, b) };

/** The lines between what is the same at the start and at the end. */
function compareLines(wanted: string, came: string): string[] {
  const [a, b] = [wanted.split('\n'), came.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const side = (sign: string, lines: readonly string[]): string[] => {
    const middle = lines.slice(start, lines.length - end);
    const more = middle.length > SHOWN ? [`${sign} … and ${middle.length - SHOWN} more lines`] : [];
    return [...middle.slice(0, SHOWN).map((line) => `${sign} ${line}`), ...more];
  };
  const lines = [...side('-', a), ...side('+', b)];
  const what = lines.length === 0 ? 'it differs in bytes that are no characters' : `line ${start + 1}:`;
  return [[what, ...lines].join('\n')];
}
