import type { Test } from 'tap';

interface EventLine {
  readonly metric: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Events as lines of JSON. */
export const eventsOf = (text: string): EventLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The same events in the same order; rates may differ by 1e-12, all else not at all. */
export function sameEvents(t: Test, found: string, wanted: string, what: string): void {
  const [ours, theirs] = [eventsOf(found), eventsOf(wanted)];
  t.equal(ours.length, theirs.length, `${what}: as many events`);
  const differing = ours.filter((event, k) => {
    const other = theirs[k]!;
    return (
      JSON.stringify({ ...event, metrics: 0 }) !== JSON.stringify({ ...other, metrics: 0 }) ||
      Object.entries(event.metrics).some(([key, value]) => !isSame(key, value, other.metrics[key]!))
    );
  });
  t.same(differing.slice(0, 3), [], `${what}: the same figures`);
}

function isSame(key: string, a: number, b: number): boolean {
  if (!key.endsWith('_rate')) return a === b;
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}
