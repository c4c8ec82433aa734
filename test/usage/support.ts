import { Kinds } from '../../lib/batch/kinds.ts';
import { Wants } from '../../lib/batch/wants.ts';
import { generate } from '../../lib/generate/index.ts';
import { ObjectBatch } from '../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import { Classifier } from '../../lib/stages/classify.ts';
import { ByteReader } from '../../lib/state/byte-reader.ts';
import { ByteWriter } from '../../lib/state/byte-writer.ts';
import { readUsage, writeUsage } from '../../lib/state/usage-section.ts';
import { systems } from '../../lib/systems/index.ts';
import { Usage, type UsageOptions } from '../../lib/usage/index.ts';

type JsonObject = Record<string, unknown>;

/** What usage makes of records, in batches of some. */
export function usageOf(records: readonly JsonObject[], size = 100, options: UsageOptions = {}): Usage {
  const wants = new Wants();
  const kinds = new Kinds();
  const classifier = new Classifier(systems.map((system) => system.open(wants, kinds)));
  const usage = new Usage(wants, kinds, options);
  const vocabulary = new Vocabulary(wants);
  for (let from = 0; from < records.length; from += size) {
    const objects = records.slice(from, from + size);
    const batch = new ObjectBatch({ input: { name: 'test', framing: '' }, vocabulary, objects });
    classifier.classify(batch);
    usage.observe(batch);
  }
  return usage;
}

/** A log of the Operator of which every so many starts and ends were lost. */
export function damagedLog(records: number, seed = 1): JsonObject[] {
  let starts = 0;
  let ends = 0;
  return Buffer.concat([...generate({ kind: 'operator', records, seed })])
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject & { fields: JsonObject })
    .filter(({ fields: { message } }) => {
      if (message === 'Session Start') return ++starts % 5 !== 0;
      return message !== 'Session End' || ++ends % 7 !== 0;
    });
}

export function logRecord(
  message: string,
  seconds: number,
  fields: JsonObject = {},
  rest: JsonObject = {},
): JsonObject {
  const timestamp = new Date(Date.UTC(2024, 3, 1) + seconds * 1000).toISOString();
  return {
    timestamp,
    level: 'INFO',
    fields: { message, ...fields },
    target: 'operator_session::session',
    ...rest,
  };
}

/** What a state keeps of it. */
export function kept(usage: Usage): Usage {
  const to = new ByteWriter();
  writeUsage(to, usage.state());
  const again = usageOf([]);
  again.merge(readUsage(new ByteReader(to.written)));
  return again;
}
