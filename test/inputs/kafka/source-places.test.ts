import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Input, Selection } from '../../../lib/batch/batch.ts';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { openPipeline } from '../../../lib/pipeline.ts';

/** An input that was put together from records of ten bytes and more: the k-th was written at second k. */
function madeInput(starts: readonly number[]): Input {
  const at = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  return {
    name: 'kafka://b/logs',
    framing: '',
    pauses: true,
    placeOf: (offset) => ({ name: 'logs/3', offset: 100 + at(offset) }),
    timeOf: (offset) => 1000 * at(offset),
  };
}

const values = [
  '{"level":"INFO","fields":{"message":"a"}}',
  '{"level":"INFO","fields":{"message":"b"},"timestamp":"2024-04-01T00:00:00Z"}',
  'no record',
  '{"log":"{\\"level\\":\\"INFO\\",\\"fields\\":{\\"message\\":\\"c\\"}}","date":1712000000}',
  '{"level":"INFO","fields":{"message":"d"}}',
];
const starts = values.map((_, k) => values.slice(0, k).join('\n').length + Math.min(k, 1));

t.test('records without a time have that of their source, and dead letters its places', async (t) => {
  for (const referenceParser of [true, false]) {
    const folder = mkdtempSync(join(tmpdir(), 'mirrormon-places-'));
    const deadLetters = join(folder, 'dead.ndjson');
    const config = await resolveConfig({});
    const pipeline = openPipeline(config, { referenceParser, deadLetters, live: true });
    const times: number[] = [];
    pipeline.stream.on('data', ({ flow: { batch, from, to, report } }: Selection) => {
      if (!report) for (let row = from; row < to; row++) times.push(batch.time[row]!);
      batch.release();
    });
    const bytes = Buffer.from(`${values.join('\n')}\n`);
    pipeline.stream.end({ input: madeInput(starts), bytes });
    await new Promise((resolve) => pipeline.stream.once('end', resolve));
    await pipeline.close();
    t.same(
      times,
      [0, Date.parse('2024-04-01T00:00:00Z'), 1_712_000_000_000, 4000],
      `reference: ${referenceParser}`,
    );
    t.match(JSON.parse(readFileSync(deadLetters, 'utf8')), {
      input: 'logs/3',
      offset: 102,
      text: 'no record',
    });
    rmSync(folder, { recursive: true });
  }
});
