import type { Batch } from '../../lib/batch/batch.ts';
import { Kinds } from '../../lib/batch/kinds.ts';
import { Wants } from '../../lib/batch/wants.ts';
import { ObjectBatch } from '../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import { Classifier } from '../../lib/stages/classify.ts';
import { mirrord } from '../../lib/systems/mirrord/index.ts';
import type { SystemOptions } from '../../lib/systems/system.ts';
import { ziti } from '../../lib/systems/ziti/index.ts';

export { metricsConfig } from './config.ts';

type Objects = readonly Record<string, unknown>[];

/** Both systems opened on fresh tables, and batches of plain objects, classified as the pipeline would. */
export function workshop(options: Partial<SystemOptions> = {}) {
  const wants = new Wants();
  const kinds = new Kinds();
  const systems = [mirrord, ziti].map((system) => ({ system, open: system.open(wants, kinds, options) }));
  const classifier = new Classifier(systems.map(({ open }) => open));
  let vocabulary: Vocabulary | undefined;
  const batch = (objects: Objects): Batch => {
    vocabulary ??= new Vocabulary(wants);
    const made = new ObjectBatch({ input: { name: 'test', framing: '' }, vocabulary, objects });
    classifier.classify(made);
    return made;
  };
  return { wants, kinds, systems, batch };
}

/** An event of the Operator's log. */
export function logRecord(
  message: string,
  fields: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
) {
  return {
    timestamp: '2024-04-01T13:37:00.000Z',
    level: 'INFO',
    fields: { message, ...fields },
    target: 'mirrord_operator::session',
    ...rest,
  };
}

/** An OpenZiti metrics event. */
export function metricEvent(
  metric: string,
  metrics: Record<string, number>,
  rest: Record<string, unknown> = {},
) {
  return {
    metric_type: Object.keys(metrics).length === 1 && 'value' in metrics ? 'intValue' : 'histogram',
    namespace: 'metrics',
    source_id: 'ctrl_client',
    version: 2,
    timestamp: { seconds: 1654625684, nanos: 479708609 },
    metric,
    metrics,
    ...rest,
  };
}
