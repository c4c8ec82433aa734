import t from 'tap';
import type { Batch } from '../../lib/batch/batch.ts';
import { resolveConfig } from '../../lib/config/resolve.ts';
import { ByHand } from '../../lib/roles/by-hand.ts';

const NOW = Date.now();
const MINUTE = 60_000;

/** Two records of each second of a minute until now, and two that are no proof of time. */
const lines = [
  ...Array.from({ length: 120 }, (_, k) => [NOW - MINUTE + 500 * k, k] as const),
  [NOW + 50 * MINUTE, 1] as const,
  [NOW + 90 * MINUTE, 2] as const,
].map(([time, id]) =>
  JSON.stringify({
    timestamp: new Date(time).toISOString(),
    level: 'INFO',
    fields: { message: id % 2 === 0 ? 'Session Start' : 'Session End', session_id: id, session_duration: id },
  }),
);
const bytes = Buffer.from(`${lines.join('\n')}\n`);

/** What was measured, as whoever adds it up reports it; and the batches on the way. */
async function measured(inAnyOrder: boolean | undefined) {
  const config = await resolveConfig({});
  const batches: Pick<Batch, 'rows' | 'dismissed'>[] = [];
  const hand = await ByHand.open(config, { inAnyOrder, inputFormat: 'ndjson' }, ({ rows, dismissed }) =>
    batches.push({ rows, dismissed }),
  );
  await hand.push({ input: { name: 'log', framing: '' }, bytes });
  await hand.push({ ends: true });
  const state = hand.pipeline.state.take();
  await hand.close();
  const sum = await ByHand.open(config, {});
  sum.pipeline.state.merge(state);
  const texts = [...sum.pipeline.figures()]
    .filter(({ name }) => name.startsWith('mirrord_'))
    .map(({ name, series }) => `${name} ${JSON.stringify([...series])}`);
  await sum.close();
  return { batches, texts };
}

t.test(
  'records of now are measured as they are read, to the same figures, where no order is asked for',
  async (t) => {
    const [rows, read] = [await measured(undefined), await measured(true)];
    t.same(
      rows.batches.map(({ rows }) => rows),
      [122],
    );
    t.same(
      read.batches.map(({ rows, dismissed }) => [rows, dismissed?.records, dismissed?.newest]),
      [[1, 121, NOW + 50 * MINUTE]],
      'but for one that is too far ahead',
    );
    t.match(rows.texts[0], /^mirrord_sessions_create_total .*"value":61/, 'half of them began a session');
    t.same(read.texts, rows.texts);
  },
);
