import { OperatorLog } from './operator.ts';
import { Scenario, type ScenarioOptions } from './scenario.ts';
import { Wrapper, type Wrapping } from './wrapping.ts';
import { JsonWriter, type Layout } from './write-json.ts';
import { ZitiEvents } from './ziti.ts';

export { ofOperators, type ScenarioOptions, usual } from './scenario.ts';
export { type Wrapping, wrappings } from './wrapping.ts';
export { type Layout, layouts } from './write-json.ts';

/** Whose log: the mirrord Operator's, or the events of an OpenZiti controller. */
export const logKinds = ['operator', 'ziti'] as const;

export type LogKind = (typeof logKinds)[number];

export interface GenerateOptions extends ScenarioOptions {
  readonly kind: LogKind;
  readonly records: number;
  readonly seed: number;
  readonly layout?: Layout | undefined;
  readonly framing?: Wrapping | undefined;
}

const CHUNK = 1 << 20;

/**
 * A realistic log, one JSON object a line, in chunks of about 1 MiB. It depends on nothing but the options; every
 * layout and framing of the same kind, seed and scenario holds the same records.
 */
export function* generate(options: GenerateOptions): Generator<Buffer> {
  const { kind, records, seed, layout = 'plain', framing = 'ndjson' } = options;
  const json = new JsonWriter(layout, seed);
  const scenario = new Scenario(options, seed);
  const log =
    kind === 'operator' ? new OperatorLog(json, seed, scenario) : new ZitiEvents(json, seed, scenario);
  const wrapper = new Wrapper(framing);
  let chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  for (let record = 0; record < records; record++) {
    const line = wrapper.wrap(log.line(), log.micros);
    if (used + line.length > CHUNK) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafe(CHUNK);
      used = 0;
    }
    used += chunk.write(line, used, 'latin1');
  }
  if (used > 0) yield chunk.subarray(0, used);
}
