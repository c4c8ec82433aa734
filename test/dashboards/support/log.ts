import { generate } from '../../../lib/generate/index.ts';
import type { MetricDefinition } from '../../../lib/systems/definition.ts';
import { mirrordCatalogue } from '../../../lib/systems/mirrord/catalogue.ts';
import { mirrormon } from '../../helpers/program.ts';

export type LogRecord = Record<string, unknown> & { fields: Record<string, unknown> };

const instruments = { counter: 'monotonic_counter', gauge: 'gauge', histogram: 'histogram' } as const;

/** A metric-bearing record of a metric that functional logs do not carry. */
function measurement({ name, type, labels }: MetricDefinition, n: number): string {
  const attributes = Object.fromEntries(labels.map((label) => [label.name, `${label.name} ${n}`]));
  return JSON.stringify({
    timestamp: `2024-06-01T00:00:${String(n).padStart(2, '0')}.000001Z`,
    level: 'INFO',
    fields: { [`${instruments[type]}.${name}`]: n + 1, ...attributes },
    target: 'operator::metrics',
  });
}

/** A generated log, followed by `rounds` measurements of each metric that only metric-bearing records have. */
export function richLog(records: number, rounds = 3): string {
  const log = Buffer.concat([...generate({ kind: 'operator', records, seed: 7 })]).toString();
  const bearing = mirrordCatalogue.filter(({ when }) => when === undefined);
  const more = Array.from({ length: rounds }, (_, n) =>
    bearing.map((metric) => `${measurement(metric, n)}\n`),
  );
  return log + more.flat().join('');
}

export function parsed(text: string): LogRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** What `-o logs` passes on. */
export async function passedOn(log: string): Promise<LogRecord[]> {
  const { status, stdout, stderr } = await mirrormon(['-o', 'logs', '-q', '-'], {
    stdin: log,
    env: { RUST_LOG: 'trace' },
  });
  if (status !== 0) throw new Error(stderr);
  return parsed(stdout);
}

/** The value at a path such as `fields.client_id`, whose parts may hold dots themselves. */
export function valueAt(record: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const inner = record[path.slice(0, dot)];
    if (typeof inner === 'object' && inner !== null) {
      const value = valueAt(inner as Record<string, unknown>, path.slice(dot + 1));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}
