import { OperatorLog } from './operator.ts';
import { JsonWriter, type Layout } from './write-json.ts';
import { ZitiEvents } from './ziti.ts';

export { type Layout, layouts } from './write-json.ts';

/** Whose log: the mirrord Operator's, or the events of an OpenZiti controller. */
export const logKinds = ['operator', 'ziti'] as const;

export type LogKind = (typeof logKinds)[number];

export interface GenerateOptions {
  readonly kind: LogKind;
  readonly records: number;
  readonly seed: number;
  readonly layout?: Layout | undefined;
}

const CHUNK = 1 << 20;

/**
 * A realistic log, one JSON object a line, in chunks of about 1 MiB. It depends on nothing but the options; every
 * layout of the same kind and seed holds the same records.
 */
export function* generate({ kind, records, seed, layout = 'plain' }: GenerateOptions): Generator<Buffer> {
  const json = new JsonWriter(layout, seed);
  const log = kind === 'operator' ? new OperatorLog(json, seed) : new ZitiEvents(json, seed);
  let chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  for (let record = 0; record < records; record++) {
    const line = log.line();
    if (used + line.length > CHUNK) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafe(CHUNK);
      used = 0;
    }
    used += chunk.write(line, used, 'latin1');
  }
  if (used > 0) yield chunk.subarray(0, used);
}
