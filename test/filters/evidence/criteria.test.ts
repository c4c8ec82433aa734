import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Selection } from '../../../lib/batch/batch.ts';
import type { SubscriptionConfig } from '../../../lib/config.ts';
import { type Criterion, criteriaOf } from '../../../lib/filters/evidence/criteria.ts';
import { generate } from '../../../lib/generate/index.ts';
import { openPipeline } from '../../../lib/pipeline.ts';
import type { Readers } from '../../../lib/plan.ts';
import { defaults, handlerConfig } from '../../helpers/config.ts';
import { holds } from '../../helpers/holds.ts';
import { root } from '../../helpers/root.ts';

const bytes = Buffer.concat([
  ...generate({ kind: 'operator', records: 150, seed: 3 }),
  ...generate({ kind: 'ziti', records: 60, seed: 3 }),
  ...['events-v2.ndjson', 'events-v3.ndjson'].map((name) =>
    readFileSync(join(root, 'fixtures', 'ziti', name)),
  ),
]);

/** Rows of which the criteria say another thing than the filter, as sentences. */
async function disagreements(subscription: Omit<SubscriptionConfig, 'place'>): Promise<string[]> {
  const found: string[] = [];
  const full = { ...subscription, place: 'test.yml:1:1' };
  let criteria: readonly Criterion[] = [];
  let kinds = new Uint8Array(0);
  const observer = {
    opened({ wants, subscriptions }: Readers) {
      criteria = criteriaOf(full, wants);
      kinds = Uint8Array.from(subscriptions[0]![0]!.kinds);
    },
    onMeasured() {},
    refused() {},
    selected({ flow: { batch, from, to }, picks }: Selection) {
      const taken = new Set(picks[0]?.row.subarray(0, picks[0].count));
      for (let row = from; row < to; row++) {
        if (kinds[batch.kind[row]!] !== 1) continue;
        const failing = criteria.filter((one) => !one.fits(batch, row));
        if (taken.has(row) !== (failing.length === 0)) {
          found.push(
            `${taken.has(row)} ${failing.map(({ filter }) => filter)} ${JSON.stringify(batch.object(row))}`,
          );
        }
      }
    },
  };
  const handler = { ...handlerConfig('stdout', 'metrics'), subscriptions: [full] };
  const pipeline = openPipeline(
    { ...defaults, handlers: [handler] },
    {
      observer,
      referenceParser: true,
      measure: 'always',
      openHandler: ({ name, type }) => ({
        name,
        type,
        open: async () => {},
        write: () => 0,
        close: async () => {},
      }),
    },
  );
  async function* input() {
    yield { input: { name: 'log', framing: '' }, bytes };
  }
  await pipeline.run(input());
  await pipeline.close();
  return found;
}

const expressions = fc.constantFrom(
  '.*',
  '',
  'ctrl',
  '^Port',
  'Start$',
  'pool',
  'count$',
  '\\.$',
  'user1',
  '[02468]',
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const logs = fc.record({
  type: fc.constant('logs'),
  level: maybe(
    fc.constantFrom(
      'info',
      'off',
      'mirrord=info',
      'operator=debug,warn',
      'operator_session=info',
      '[reconcile]=debug',
      'operator[reconcile{object}]=trace,error',
    ),
  ),
  messageFilter: maybe(expressions),
  fieldFilter: maybe(
    fc.dictionary(fc.constantFrom('client_user', 'session_id', 'module', 'target', 'kind'), expressions),
  ),
});
const metrics = fc.record({
  type: fc.constant('metrics'),
  sourceFilter: maybe(expressions),
  metricFilter: maybe(expressions),
});
const events = fc.oneof(
  fc.record({
    type: fc.constant('usage'),
    version: fc.constantFrom(2 as const, 3 as const),
    include: maybe(fc.constant(['ingress.rx'])),
  }),
  fc.record({
    type: fc.constantFrom('session', 'circuit', 'fabric.circuits'),
    include: maybe(fc.constant(['created'])),
  }),
  fc.record({ type: fc.constantFrom('router', 'entityCount', 'spans') }),
);

t.test('every filter that a subscription has is told, and as it decides', async (t) => {
  await holds(
    t,
    fc.asyncProperty(fc.oneof(logs, metrics, events), async (subscription) => {
      const found = await disagreements(subscription);
      return found.length === 0;
    }),
    { numRuns: 60 },
  );
});
