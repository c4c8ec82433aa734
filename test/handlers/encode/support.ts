import type { Batch, Flow, Picks } from '../../../lib/batch/batch.ts';
import type { HandlerConfig } from '../../../lib/config.ts';
import type { MetricEvent } from '../../../lib/events/metric-event.ts';
import type { HandlerContext } from '../../../lib/handlers/handler.ts';
import { handlerDefaults } from '../../helpers/config.ts';

/** Records as they would leave a parser, each followed by `separator` in the input. */
export function recordsFlow(records: readonly string[], framing = 'ndjson', separator = '\n'): Flow {
  const encoded = records.map((record) => Buffer.from(record));
  const bytes = Buffer.concat(encoded.flatMap((record) => [record, Buffer.from(separator)]));
  const offset = new Uint32Array(records.length);
  const length = new Uint32Array(records.length);
  let at = 0;
  for (const [row, record] of encoded.entries()) {
    offset[row] = at;
    length[row] = record.length;
    at += record.length + Buffer.byteLength(separator);
  }
  const object = (row: number) => {
    try {
      return JSON.parse(records[row]!);
    } catch {
      return { message: records[row] };
    }
  };
  const time = Float64Array.from(records, (_, row) => Date.parse(object(row).timestamp));
  return flowOf(
    { input: { name: '-', framing }, rows: records.length, bytes, offset, length, time, object },
    false,
  );
}

/** A report of mirrormon's own. */
export function reportFlow(events: readonly MetricEvent[], time: number): Flow {
  const rows = events.length;
  return flowOf(
    {
      input: { name: 'mirrormon', framing: 'none' },
      rows,
      bytes: Buffer.alloc(0),
      offset: new Uint32Array(rows),
      length: new Uint32Array(rows),
      time: new Float64Array(rows).fill(time),
      object: (row: number) => events[row] as unknown as Record<string, unknown>,
    },
    true,
  );
}

function flowOf(columns: Partial<Batch> & { rows: number }, report: boolean): Flow {
  return { batch: columns as Batch, from: 0, to: columns.rows, report };
}

/** Picks of rows in order; `keys` holds for all of them, or for each by its place. */
export function picksOf(
  rows: readonly number[],
  keys?: readonly string[] | readonly (readonly string[] | undefined)[],
  subscription: readonly number[] = [],
): Picks {
  const each = keys?.some((entry) => typeof entry !== 'string')
    ? (keys as readonly (readonly string[] | undefined)[])
    : rows.map(() => keys as readonly string[] | undefined);
  return {
    handler: 0,
    count: rows.length,
    row: Uint32Array.from(rows),
    subscription: Uint16Array.from(rows, (_, pick) => subscription[pick] ?? 0),
    keys: each,
  };
}

export function allOf(flow: Flow): Picks {
  return picksOf(Array.from({ length: flow.batch.rows }, (_, row) => row));
}

export function handlerConfig(part: Partial<HandlerConfig>): HandlerConfig {
  return {
    ...handlerDefaults,
    name: 'events',
    type: 'file',
    subscriptions: ['metrics', 'logs'].map((type) => ({ type, place: 'test.yml:2:2' })),
    place: 'test.yml:1:1',
    ...part,
  };
}

export interface TestContext extends HandlerContext {
  readonly warnings: string[];
  clock: number;
}

/** A run whose clock stands at `clock` until the test moves it. */
export function testContext(clock = Date.UTC(2026, 2, 4, 5, 6, 7, 8)): TestContext {
  const warnings: string[] = [];
  return {
    config: undefined as never,
    warnings,
    clock,
    now() {
      return this.clock;
    },
    warn: (message) => {
      if (!warnings.includes(message)) warnings.push(message);
    },
    tell: () => {},
    isLive: () => false,
    eventId: (handler, subscription, time) => `${handler}-${subscription}-${time}`,
    figures: () => [],
  };
}
