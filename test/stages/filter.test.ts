import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Flow } from '../../lib/batch/batch.ts';
import type { SubscriptionConfig } from '../../lib/config.ts';
import { openSubscription } from '../../lib/filters/subscription.ts';
import { Ledger } from '../../lib/ledger.ts';
import { Filter } from '../../lib/stages/filter.ts';
import { logRecord, metricEvent, workshop } from '../helpers/batches.ts';
import { holds } from '../helpers/holds.ts';

const records = [
  logRecord('Port Steal'),
  metricEvent('link.latency', { count: 1, p50: 2, p99: 3 }),
  { namespace: 'circuit', event_type: 'created' },
  { namespace: 'fabric.circuits', event_type: 'created' },
  { something: 'else' },
];

function filter(
  handlers: Partial<SubscriptionConfig>[][],
  flow: Partial<Flow> = {},
  of: readonly Record<string, unknown>[] = records,
) {
  const { wants, kinds, batch } = workshop();
  const ledger = new Ledger();
  const stage = new Filter(
    handlers.map((subscriptions) =>
      subscriptions.map((config) =>
        openSubscription({ type: 'metrics', place: '', ...config }, kinds, wants),
      ),
    ),
    ledger,
  );
  const [selection] = [...stage.push({ batch: batch(of), from: 0, to: of.length, report: false, ...flow })];
  const picks = selection!.picks.map((picks) => ({
    handler: picks.handler,
    picked: Array.from({ length: picks.count }, (_, k) => [
      picks.row[k],
      picks.subscription[k],
      picks.keys[k]?.join(' ') ?? 'all',
    ]),
  }));
  return { picks, ledger };
}

t.test('each subscription looks at its own kinds', (t) => {
  const { picks, ledger } = filter([[{ type: 'logs' }], [{ type: 'circuit' }], [{ type: 'metrics' }]]);
  t.same(picks, [
    { handler: 0, picked: [[0, 0, 'all']] },
    {
      handler: 1,
      picked: [
        [2, 0, 'all'],
        [3, 0, 'all'],
      ],
    },
    { handler: 2, picked: [[1, 0, 'all']] },
  ]);
  t.match(ledger, { selected: 4, filtered: 1 });
  t.end();
});

t.test('two subscriptions of one handler give an event twice, each with its keys', (t) => {
  const { picks, ledger } = filter([[{ metricFilter: 'p50$' }, { metricFilter: 'p' }]]);
  t.same(picks[0]?.picked, [
    [1, 0, 'p50'],
    [1, 1, 'p50 p99'],
  ]);
  t.match(ledger, { selected: 1, filtered: 4 }, 'as a record it is selected once');
  t.end();
});

t.test('a handler that selects nothing is left out; nothing selected is all filtered', (t) => {
  const { picks, ledger } = filter([[{ metricFilter: 'nothing' }], []]);
  t.same(picks, []);
  t.match(ledger, { selected: 0, filtered: 5 });
  t.end();
});

t.test('only the rows of the flow', (t) => {
  const { picks, ledger } = filter([[{ type: 'logs' }, { type: 'circuit' }]], { from: 1, to: 3 });
  t.same(picks[0]?.picked, [[2, 1, 'all']]);
  t.match(ledger, { selected: 1, filtered: 1 });
  t.end();
});

t.test('a report counts as events', (t) => {
  const { ledger } = filter([[{}]], { report: true });
  t.match(ledger, { selected: 0, filtered: 0, events: { selected: 1 } });
  t.end();
});

t.test('property: picks are what every subscription alone selects, row by row', (t) => {
  const filters = fc.constantFrom('p50$', 'p', 'latency', 'pool', 'count', 'nothing', '');
  const subscriptions = fc.array(fc.array(filters, { maxLength: 4 }), { minLength: 1, maxLength: 3 });
  const kinds = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 });
  const kindsOfRecord = [
    logRecord('x'),
    metricEvent('link.latency', { count: 1, p50: 2, p99: 3 }),
    metricEvent('pool.size', { value: 1 }),
    metricEvent('m', { count: 1, p50: 2 }),
  ];
  const keysOf = (
    { metric, metrics }: ReturnType<typeof metricEvent>,
    filter: string,
  ): string | undefined => {
    const all = Object.keys(metrics);
    const single = all.length === 1 && all[0] === 'value';
    const some = all.filter((key) => `${metric}.${single ? '' : key}`.match(filter) !== null);
    if (some.length === 0) return undefined;
    return some.length === all.length ? 'all' : some.join(' ');
  };
  holds(
    t,
    fc.property(subscriptions, kinds, fc.nat({ max: 40 }), (handlers, numbers, skipped) => {
      const of = numbers.map((number) => kindsOfRecord[number]!);
      const from = Math.min(skipped, of.length);
      const configs = handlers.map((list) => list.map((metricFilter) => ({ metricFilter })));
      const { picks } = filter(configs, { from, to: of.length }, of);
      const expected = handlers.map((list, handler) => ({
        handler,
        picked: of.flatMap((record, row) =>
          list.flatMap((source, subscription) => {
            const keys =
              row < from || !('metric' in record)
                ? undefined
                : keysOf(record as ReturnType<typeof metricEvent>, source);
            return keys === undefined ? [] : [[row, subscription, keys]];
          }),
        ),
      }));
      assert.deepEqual(
        picks,
        expected.filter(({ picked }) => picked.length > 0),
      );
    }),
    { numRuns: 200 },
  );
  t.end();
});
