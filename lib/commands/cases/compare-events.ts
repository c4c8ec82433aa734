type Json = Readonly<Record<string, unknown>>;

/** Says of two values of a metric's key that are not the same text whether they are near enough. */
export interface Admits {
  admits(metric: string, key: string, expected: number, actual: number): boolean;
}

/** Computed of the seed and the time: compared only where it is expected. */
const COMPUTED = 'source_event_id';

/** Events, one a line, where a text is nothing else; a blank line is none. */
export function eventsOf(text: string): Json[] | undefined {
  const events: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      const event: unknown = JSON.parse(line);
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
      if (typeof (event as Json).namespace !== 'string') return undefined;
      events.push(event as Json);
    } catch {
      return undefined;
    }
  }
  return events;
}

/**
 * What differs, for people: which metric with which labels, which key, what was expected and what came. Events of one
 * series are paired by their time, then in order; the order of series among each other is nobody's business.
 */
export function compareEvents(
  expected: readonly Json[],
  actual: readonly Json[],
  tolerance: Admits,
): string[] {
  const differences: string[] = [];
  const came = bySeries(actual);
  for (const [series, wanted] of bySeries(expected)) {
    const pairs = paired(wanted, came.get(series) ?? []);
    came.delete(series);
    for (const [want, got] of pairs) {
      if (want === undefined) differences.push(`not expected: ${titleOf(got!)}: ${valuesOf(got!)}`);
      else if (got === undefined) differences.push(`missing: ${titleOf(want)}: ${valuesOf(want)}`);
      else differences.push(...compareEvent(want, got, tolerance));
    }
  }
  for (const event of [...came.values()].flat()) {
    differences.push(`not expected: ${titleOf(event)}: ${valuesOf(event)}`);
  }
  return differences;
}

function compareEvent(want: Json, got: Json, tolerance: Admits): string[] {
  const metric = String(want.metric ?? '');
  const wanted = leavesOf(want);
  const came = leavesOf(got);
  if (!wanted.has(COMPUTED)) came.delete(COMPUTED);
  const lines: string[] = [];
  for (const path of new Set([...wanted.keys(), ...came.keys()])) {
    const [a, b] = [wanted.get(path), came.get(path)];
    const key = path.replace(/^metrics\./, '');
    if (typeof a === 'number' && typeof b === 'number' && key !== path) {
      if (tolerance.admits(metric, key, a, b)) continue;
    } else if (Object.is(a, b)) continue;
    lines.push(`  ${key}: expected ${shown(a)}, got ${shown(b)}`);
  }
  return lines.length === 0 ? [] : [[titleOf(want), ...lines].join('\n')];
}

function bySeries(events: readonly Json[]): Map<string, Json[]> {
  const groups = new Map<string, Json[]>();
  for (const event of events) {
    const { namespace, event_type: type, metric, source_id: source, source_entity_id: entity } = event;
    const key = JSON.stringify([namespace, type, metric, source, entity, labelsOf(event)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return groups;
}

function paired(wanted: readonly Json[], came: readonly Json[]): [Json | undefined, Json | undefined][] {
  const left = [...came];
  const pairs = wanted.map((want): [Json, Json | undefined] => {
    const time = JSON.stringify(want.timestamp);
    const at = left.findIndex(({ timestamp }) => JSON.stringify(timestamp) === time);
    return [want, at < 0 ? undefined : left.splice(at, 1)[0]];
  });
  const completed = pairs.map(([want, got]): [Json, Json | undefined] => [want, got ?? left.shift()]);
  return [...completed, ...left.map((got): [undefined, Json] => [undefined, got])];
}

/** Every value within an event by its path; an empty object or list is a value, too. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return leaves.set(path, value);
  const entries = Object.entries(value);
  if (entries.length === 0) return leaves.set(path, JSON.stringify(value));
  for (const [key, inner] of entries) leavesOf(inner, path === '' ? key : `${path}.${key}`, leaves);
  return leaves;
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function labelsOf({ tags }: Json): string {
  const entries = Object.entries((tags ?? {}) as Json).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0
    ? ''
    : `{${entries.map(([name, value]) => `${name}=${shown(value)}`).join(',')}}`;
}

/** The series of an event, and its time. */
function titleOf(event: Json): string {
  const name = String(event.metric ?? event.event_type ?? event.namespace);
  const source = event.source_entity_id ?? event.source_id;
  return `${name}${labelsOf(event)}${source === undefined ? '' : ` of ${source}`}${timeOf(event)}`;
}

function timeOf({ timestamp }: Json): string {
  if (typeof timestamp === 'string') return ` at ${timestamp}`;
  const { seconds } = (timestamp ?? {}) as Json;
  const time = new Date(Number(seconds) * 1000);
  return Number.isNaN(time.getTime()) ? '' : ` at ${time.toISOString().replace('.000Z', 'Z')}`;
}

/** The values of an event on one line. */
function valuesOf(event: Json): string {
  const entries = Object.entries((event.metrics ?? {}) as Json);
  return entries.map(([key, value]) => `${key} ${shown(value)}`).join(', ') || JSON.stringify(event);
}
