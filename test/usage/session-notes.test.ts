import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import { resolveConfig } from '../../lib/config/resolve.ts';
import { generate } from '../../lib/generate/index.ts';
import { openPipeline } from '../../lib/pipeline.ts';
import type { Chunk } from '../../lib/stages/parse.ts';
import type { Usage } from '../../lib/usage/index.ts';

/** What is noted where records are read gives what their rows give. */

t.setTimeout(7_200_000);

const START = Date.UTC(2026, 2, 1);

/** Of all sessions, whatever their order. */
function told({ sessions, copies, levels, oldest, newest, until }: Usage): unknown {
  const rows: string[] = [];
  sessions.each(until, (view) => {
    const { start, end, seconds, startMissing, endMissing, which } = view;
    rows.push(
      JSON.stringify([
        sessions.table.id(view.row),
        sessions.clients.texts(view.client),
        sessions.targets.texts(view.target),
        ...[which, start, String(end), seconds, startMissing, endMissing],
        sessions.ports.of(view.ports),
      ]),
    );
  });
  const copied = Array.from({ length: copies.length }, (_, k) =>
    JSON.stringify([
      sessions.clients.texts(copies.client[k]!),
      sessions.targets.texts(copies.target[k]!),
      copies.time[k],
      copies.scaleDown[k],
    ]),
  );
  return {
    rows: rows.sort(),
    copied: copied.sort(),
    levels: [...levels.counts],
    modules: levels.top(),
    ...{ oldest, newest, dropped: sessions.repeated.dropped + sessions.ports.dropped },
  };
}

async function usageOf(
  log: Buffer,
  reference: boolean,
  usage: true | 'sessions',
  size = 1 << 16,
): Promise<unknown> {
  async function* chunks(): AsyncGenerator<Chunk> {
    const input = { name: 'log', framing: '', pauses: false };
    for (let at = 0; at < log.length; at += size)
      yield { input, bytes: Buffer.from(log.subarray(at, at + size)) };
  }
  const pipeline = openPipeline(await resolveConfig({}), {
    ...{ usage, referenceParser: reference, workers: 0, inputFormat: 'ndjson' },
    now: () => START + 400 * 864e5,
  });
  await pipeline.run(chunks());
  await pipeline.close();
  const { oldest, ...others } = told(pipeline.usage!) as { oldest: number };
  // where sessions alone are asked for, nobody asks when the first of other records was
  return usage === true ? { oldest, ...others } : { ...others, levels: undefined, modules: undefined };
}

const few = (...texts: unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...texts);
const fields = fc.record(
  {
    session_id: few('a', 'b', 'c', 'ü"\\\u0001', '', 'long'.repeat(20), 7, null, { x: 1 }),
    session_duration: few(1, 2.5, 0, -1, 1e300, 1e-7, 0.1, 'x', null),
    duration: few(3, 4),
    client_user: few('u1', 'u2', ''),
    client_id: few('id1', 'ü'),
    client_name: few('n', '\ud800'),
    target: few('pod/x', 'deployment/y', 'mirrord-copy-1'),
    target_type: few('pod'),
    target_namespace: few('ns1', 'ns2'),
    port: few(80, '80', 443),
    http_filter: few('', 'h: a', 'ü'),
    scale_down: few(true, false, 'true', 'true '),
  },
  { requiredKeys: [] },
);
const message = few(
  ...['Session Start', 'Session End', 'Port Steal', 'Port Mirror', 'Port Release', 'Copy Target', 'other'],
);
const record = fc
  .record({
    message,
    fields,
    time: fc.integer({ min: 0, max: 6 }),
    level: few('INFO', 'WARN', 'ERROR', 'DEBUG', undefined),
    hasTime: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ message, fields, time, level, hasTime }) => ({
    timestamp: hasTime === 0 ? undefined : new Date(START + time * 1000).toISOString(),
    level,
    fields: { message, ...fields },
    target: 'operator::session',
  }));

const lines = (records: readonly unknown[]): Buffer =>
  Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''));

t.test('whatever records say', async () => {
  const numRuns = Number(process.env.MIRRORMON_PROPERTY_RUNS ?? 100);
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), async (records) => {
      const log = lines(records);
      for (const usage of [true, 'sessions'] as const) {
        deepStrictEqual(await usageOf(log, false, usage, 4096), await usageOf(log, true, usage));
      }
    }),
    { numRuns },
  );
});

t.test('more sessions than are kept in one place, some of which lack their start or end', async (t) => {
  const log = Buffer.concat([
    ...generate({ kind: 'operator', records: 60_000, seed: 3, unpaired: 30, late: 5, errors: 3 }),
  ]);
  for (const usage of [true, 'sessions'] as const) {
    const expected = (await usageOf(log, true, usage)) as { rows: string[] };
    t.ok(expected.rows.length > 5000, `${expected.rows.length} sessions`);
    t.strictSame(await usageOf(log, false, usage), expected);
  }
});

t.test('a session that uses more ports, in more ways, than anybody looks through', async (t) => {
  const of = (message: string, port: number, seconds: number): unknown => ({
    timestamp: new Date(START + seconds * 1000).toISOString(),
    level: 'INFO',
    fields: { message, session_id: 'a', client_user: 'u', port },
  });
  const records = Array.from({ length: 300 }, (_, k) => of(k % 3 === 0 ? 'Port Mirror' : 'Port Steal', k, k));
  const log = lines([of('Session Start', 1, -1), ...records, ...records, of('Session End', 1, 900)]);
  t.strictSame(await usageOf(log, false, true), await usageOf(log, true, true));
});
