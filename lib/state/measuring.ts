import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import type { RestrictionOptions } from '../filters/restriction.ts';

/** Settings that say when and where something is told, not what is measured. */
const untold = ['reportInterval', 'messageQueueSize', 'report', 'expireAfter'] as const;
type Told = Omit<Config['metrics'], (typeof untold)[number]>;

/** What of a configuration decides what is measured: states of one add up, and no others do. */
export interface Measuring {
  readonly seed: number;
  readonly metrics: Told;
  readonly input: Config['input'];
  /** Which records count: --since, --until and --where. */
  readonly restriction?: RestrictionOptions | undefined;
}

export function measuringOf(
  { seed, metrics, input }: Config,
  restriction: RestrictionOptions | undefined,
): Measuring {
  const told: Partial<Config['metrics']> = { ...metrics };
  for (const name of untold) delete (told as Record<string, unknown>)[name];
  return { seed, metrics: told as Told, input, ...(restriction && { restriction }) };
}

/** Sixteen hexadecimal digits that tell configurations apart. */
export function fingerprintOf(measuring: Measuring): string {
  return createHash('sha256').update(canonical(measuring)).digest('hex').slice(0, 16);
}

/** The paths of what differs, such as metrics.reservoir.size; empty if nothing does. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (canonical(a) === canonical(b)) return [];
  if (!isPlain(a) || !isPlain(b)) return [path];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => differences(a[name], b[name], path === '' ? name : `${path}.${name}`));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with the keys of objects in order; what is undefined is not there. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      isPlain(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
    ) ?? ''
  );
}
