import fc from 'fast-check';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { openPipeline, type PipelineOptions } from '../../lib/pipeline.ts';
import type { Condition, FieldTest, MetricDefinition } from '../../lib/systems/definition.ts';
import { defaults, metricsConfig } from '../helpers/config.ts';
import { holds } from '../helpers/holds.ts';

/** Figures of rules, in order; and what was refused. */
async function measured(
  rules: readonly MetricDefinition[],
  bytes: Buffer,
  { cut = bytes.length, ...options }: PipelineOptions & { readonly cut?: number } = {},
): Promise<{ figures: unknown[]; refused: unknown }> {
  const config = { ...defaults, handlers: [], metrics: metricsConfig({ rules }) };
  const pipeline = openPipeline(config, { measure: 'always', workers: 0, ...options });
  const input = { name: 'log', framing: '' };
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += cut)
      yield { input, bytes: bytes.subarray(from, from + cut) };
  }
  await pipeline.run(chunks());
  await pipeline.close();
  const names = rules.map(({ name }) => name);
  const figures = [...pipeline.figures()]
    .filter(({ name }) => names.includes(name))
    .map(({ name, series }) => [name, [...series].map((one) => JSON.stringify(one)).sort()]);
  // which metric refuses first depends on where the input is cut
  const refused = names.flatMap((name) => {
    const why = pipeline.ledger.refused.metrics.get(name);
    return why === undefined ? [] : [[name, [...why].sort()]];
  });
  return { figures, refused };
}

const rule = (parts: Partial<MetricDefinition>): MetricDefinition => ({
  name: 'rule',
  type: 'counter',
  help: 'A rule.',
  labels: [],
  when: {},
  ...parts,
});

const logOf = (...records: readonly object[]): Buffer =>
  Buffer.from(
    records
      .map((fields, k) => {
        const timestamp = new Date(Date.UTC(2024, 3, 1, 0, 0, k)).toISOString();
        return `${JSON.stringify({ timestamp, level: 'INFO', fields, target: 'operator' })}\n`;
      })
      .join(''),
  );

/** How many of the records fit. */
async function count(when: Condition, records: readonly object[]): Promise<number> {
  const { figures } = await measured([rule({ when })], logOf(...records));
  const [[, series]] = (figures.length > 0 ? figures : [['', []]]) as [[string, string[]]];
  return series.length === 0 ? 0 : JSON.parse(series[0]!).value;
}

t.test('a field is tested for what it is, matches, or whether it is there', async (t) => {
  const records = [
    { a: 5 },
    { a: '5' },
    { a: 7.5 },
    { a: 'x5' },
    { a: true },
    { a: null },
    { b: 1 },
    { a: {} },
  ];
  const table: [test: string | FieldTest, fits: number][] = [
    ['5', 4],
    [{ matches: '5' }, 4],
    [{ equals: 5 }, 2],
    [{ equals: '5' }, 2],
    [{ equals: 'x5' }, 1],
    [{ equals: true }, 1],
    [{ exists: true }, 6],
    [{ exists: false }, 2],
    [{ above: 5 }, 1],
    [{ atLeast: 5 }, 3],
    [{ below: 7.5 }, 2],
    [{ atMost: 7.5, above: 5 }, 1],
    [{ atLeast: 5, matches: '^7' }, 1],
  ];
  for (const [test, fits] of table) {
    const all = records.map((fields) => ({ message: 'm', ...fields }));
    t.equal(await count({ fields: { a: test } }, all), fits, JSON.stringify(test));
  }
});

t.test('any and not take conditions of every kind', async (t) => {
  const records = [
    { message: 'Session Start', session_id: '1', port: 1 },
    { message: 'Session End', session_id: '1' },
    { message: 'Port Steal', port: 80 },
    { message: 'Port Steal', port: 8080, http_filter: 'x' },
    { message: 'hello' },
  ];
  const table: [when: Condition, fits: number][] = [
    [{}, 5],
    [{ any: [{ kind: 'session-start' }, { kind: 'session-end' }] }, 2],
    [{ not: { kind: 'port-steal' } }, 3],
    [{ kind: ['port-steal', 'log'], not: { fields: { http_filter: { exists: true } } } }, 2],
    [{ any: [{ kind: 'port-steal', fields: { port: { above: 100 } } }, { message: '^h' }] }, 2],
    [{ kind: 'port-steal', any: [{ kind: 'session-end' }, { fields: { port: { equals: 80 } } }] }, 1],
    [{ not: { not: { kind: 'log' } } }, 1],
    [{ not: { any: [{ kind: 'log' }, { fields: { port: { exists: true } } }] } }, 1],
  ];
  for (const [when, fits] of table) t.equal(await count(when, records), fits, JSON.stringify(when));
});

t.test('a value is a field, a number, or the time since another record of the same key', async (t) => {
  const log = logOf(
    { message: 'begin', id: 'a' },
    { message: 'begin', id: 'b' },
    { message: 'end', id: 'a' },
    { message: 'end', id: 'c' },
    { message: 'end', id: 'a' },
    { message: 'end', id: 'b' },
    { message: 'begin' },
    { message: 'end' },
  );
  const elapsed = { since: { message: '^begin$' }, key: 'id' };
  const when = { message: '^end$' };
  const { figures, refused } = await measured(
    [
      rule({ name: 'took', type: 'histogram', unit: 'seconds', when, elapsed, buckets: [3] }),
      rule({ name: 'weight', when, amount: 2.5 }),
      // every record ends what the one before it of its key began
      rule({ name: 'gap', elapsed: { since: {}, key: 'id' } }),
    ],
    log,
  );
  t.same(figures, [
    ['took', ['{"labels":[],"value":null,"count":2,"sum":6,"bucketCounts":{"0":1,"1":1}}']],
    ['weight', ['{"labels":[],"value":12.5}']],
    ['gap', ['{"labels":[],"value":8}']],
  ]);
  t.same(refused, [
    ['took', [['missing', 3]]],
    ['gap', [['missing', 5]]],
  ]);
});

t.test('a gauge of a rule is an intValue until one of its values is no integer', async (t) => {
  const types = async (...values: number[]) => {
    const rules = [rule({ name: 'depth', type: 'gauge', value: 'depth', asIntegers: true })];
    const config = { ...defaults, metrics: metricsConfig({ rules }) };
    const found: string[] = [];
    const pipeline = openPipeline(config, {
      openHandler: ({ name, type }) => ({
        name,
        type,
        open: async () => {},
        write({ batch, from, to }) {
          for (let row = from; row < to; row++) {
            const { metric, metric_type } = batch.object(row);
            if (metric === 'depth') found.push(String(metric_type));
          }
          return 0;
        },
        close: async () => {},
      }),
    });
    async function* input() {
      yield {
        input: { name: 'log', framing: '' },
        bytes: logOf(...values.map((depth) => ({ message: 'm', depth }))),
      };
    }
    await pipeline.run(input());
    await pipeline.close();
    return found;
  };
  t.same(await types(3, 4), ['intValue']);
  t.same(await types(3, 4.5), ['floatValue']);
  t.same(await types(4.5, 3), ['floatValue']);
});

const bytes = Buffer.concat([...generate({ kind: 'operator', records: 300, seed: 5, late: 0.05 })]);
const fields = ['port', 'client_user', 'session_duration', 'target_name', 'level', 'absent'];
const numbers = fc.constantFrom(80, 443, 8080, 10, 60, 0);
const tests = fc.oneof(
  fc.constantFrom('1', '^user', '0$', 'INFO|WARN'),
  fc.record(
    {
      matches: fc.constantFrom('1', 'a'),
      equals: fc.constantFrom<string | number>('INFO', 80, '80', 8080),
      exists: fc.boolean(),
      above: numbers,
      atMost: numbers,
    },
    { requiredKeys: [] },
  ),
);
const kind = fc.constantFrom(
  'session-start',
  'session-end',
  'port-steal',
  'port-release',
  'log',
  'measurement',
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.record(
    {
      kind: fc.oneof(kind, fc.uniqueArray(kind, { minLength: 1, maxLength: 3 })),
      message: fc.constantFrom('^Port', 'S', 'rec'),
      fields: fc.dictionary(fc.constantFrom(...fields), tests, { maxKeys: 2 }),
      any: fc.array(fc.oneof({ maxDepth: 2 }, fc.record({ kind }), tie('condition')), {
        minLength: 1,
        maxLength: 2,
      }),
      not: fc.oneof({ maxDepth: 2 }, fc.record({ kind }), tie('condition')),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
}));
const values = fc.oneof(
  fc.record({ type: fc.constant('counter' as const) }),
  fc.record({ type: fc.constantFrom('counter' as const, 'gauge' as const), amount: fc.constantFrom(1, 2.5) }),
  fc.record({
    type: fc.constant('histogram' as const),
    value: fc.constantFrom('session_duration', 'port', 'level'),
  }),
  fc.record({
    type: fc.constantFrom('histogram' as const, 'counter' as const),
    elapsed: fc.record({ since: condition, key: fc.constantFrom('session_id', 'target_name') }),
  }),
);
const rules = fc
  .array(
    fc.tuple(
      values,
      fc.oneof(
        condition,
        fc.record({ kind }),
        fc.record({ fields: fc.dictionary(fc.constantFrom(...fields), tests, { maxKeys: 1 }) }),
      ),
      fc.subarray(['client_user', 'level', 'target_namespace']),
    ),
    {
      minLength: 2,
      maxLength: 5,
    },
  )
  .map((list) =>
    list.map(([value, when, labels], k) =>
      rule({
        ...value,
        name: `rule_${k}`,
        when,
        labels: labels.map((name) => ({ name, field: name })),
        ...(value.type === 'histogram' && { buckets: [10, 100, 1000] }),
      }),
    ),
  );

t.test('both ways of reading, and any cut, give what rules measure', async (t) => {
  let found = 0;
  await holds(
    t,
    fc.asyncProperty(rules, fc.integer({ min: 500, max: 60_000 }), async (rules, cut) => {
      const oracle = await measured(rules, bytes, { referenceParser: true });
      const expected = JSON.stringify(oracle);
      const scanned = JSON.stringify(await measured(rules, bytes, { cut }));
      found += oracle.figures.length;
      return scanned === expected;
    }),
    { numRuns: 40 },
  );
  t.ok(found > 10, `${found} rules measured something`);
});
