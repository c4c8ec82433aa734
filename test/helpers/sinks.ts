import type { Flow, Picks } from '../../lib/batch/batch.ts';
import { Wants } from '../../lib/batch/wants.ts';
import type { Config } from '../../lib/config.ts';
import type { HandlerContext } from '../../lib/handlers/handler.ts';
import type { MetricFamily } from '../../lib/metrics/family.ts';
import { ObjectBatch } from '../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import { defaults, metricsConfig } from './config.ts';

export { handlerConfig } from './config.ts';

/** A context at a fixed time that keeps its warnings. */
export function handlerContext(figures: () => Iterable<MetricFamily> = () => []): HandlerContext & {
  readonly warnings: string[];
} {
  const config: Config = {
    ...defaults,
    metrics: metricsConfig({ maxSeries: 100 }),
    operator: { ...defaults.operator, metricsAddr: '127.0.0.1:0' },
    handlers: [],
  };
  const warnings: string[] = [];
  return {
    config,
    warnings,
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    warn: (message) => {
      if (!warnings.includes(message)) warnings.push(message);
    },
    tell: (message) => {
      warnings.push(message);
    },
    isLive: () => false,
    eventId: () => '00000000-0000-4000-8000-000000000000',
    figures,
  };
}

/** A flow of the given JSON texts, one record each, as a parser would have cut them. */
export function flowOf(records: readonly string[], report = false): Flow {
  const pieces = records.map((text) => Buffer.from(text));
  const length = Uint32Array.from(pieces, (piece) => piece.length);
  let end = 0;
  const offset = Uint32Array.from(pieces, (piece) => {
    const start = end;
    end += piece.length;
    return start;
  });
  const batch = new ObjectBatch({
    input: { name: '-', framing: 'ndjson' },
    vocabulary: new Vocabulary(new Wants()),
    objects: records.map((text) => JSON.parse(text)),
    bytes: Buffer.concat(pieces),
    offset,
    length,
  });
  return { batch, from: 0, to: records.length, report };
}

/** Picks of every row of a flow by the first subscription, with the selected keys if there are any. */
export function picksOf(flow: Flow, keys?: readonly (readonly string[] | undefined)[]): Picks {
  const count = flow.to - flow.from;
  return {
    handler: 0,
    count,
    row: Uint32Array.from({ length: count }, (_, k) => flow.from + k),
    subscription: new Uint16Array(count),
    keys: keys ?? new Array(count).fill(undefined),
  };
}
