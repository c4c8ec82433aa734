import t from 'tap';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { openPipeline } from '../../../lib/pipeline.ts';
import type { Chunk } from '../../../lib/stages/parse.ts';

const line = (second: number): string =>
  `${JSON.stringify({
    timestamp: new Date(Date.UTC(2026, 2, 1) + 1000 * second).toISOString(),
    level: 'INFO',
    fields: { message: 'Session Start', session_id: second, padding: 'x'.repeat(900) },
  })}\n`;
const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, second) => line(second)).join(''));
const SIZE = 1 << 18;

/** The batches of a log of 20 MB, and its rates, where workers are there or not. */
async function read(workers: number, leavesRest: boolean) {
  const found: { rows: number; consumed: number }[] = [];
  const config = await resolveConfig({});
  const pipeline = openPipeline(config, {
    ...{ workers, measure: 'always', inputFormat: 'ndjson' },
    onClassified: ({ rows, consumed }) => found.push({ rows, consumed }),
  });
  async function* rest(): AsyncGenerator<Uint8Array> {
    for (let at = SIZE; at < bytes.length; at += SIZE) yield Buffer.from(bytes.subarray(at, at + SIZE));
  }
  async function* chunks(): AsyncGenerator<Chunk> {
    const input = { name: 'log', framing: '' };
    yield { input, bytes: bytes.subarray(0, SIZE) };
    if (leavesRest) yield { input, rest: { bytes: rest, isCrowded: true } };
    else for await (const bytes of rest()) yield { input, bytes };
  }
  await pipeline.run(chunks());
  const [series] = [...pipeline.figures()].filter(({ name }) => name === 'mirrord_sessions_create_total');
  await pipeline.close();
  const { records } = pipeline.ledger.read;
  return { found, records, series: JSON.stringify(series) };
}

t.test(
  'what is left of an input to one thread is given as few accounts, and measured as by chunks',
  async (t) => {
    const chunks = await read(0, false);
    t.ok(chunks.found.length >= bytes.length / SIZE, 'a batch a chunk');
    for (const workers of [0, 1]) {
      const { found, records, series } = await read(workers, true);
      t.same([records, found.every(({ rows }) => rows === 0), series], [20_000, true, chunks.series]);
      t.ok(found.length < 10, `${found.length} batches`);
      t.equal(
        found.reduce((sum, { consumed }) => sum + consumed, 0),
        bytes.length,
      );
    }
  },
);
