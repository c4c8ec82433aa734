import { Writable } from 'node:stream';
import fc from 'fast-check';
import t from 'tap';
import { loadConfig } from '../../../../lib/config/load.ts';
import type { LedgerReport } from '../../../../lib/ledger.ts';
import { openPipeline } from '../../../../lib/pipeline.ts';
import type { Chunk } from '../../../../lib/stages/parse.ts';

const START = Date.UTC(2026, 2, 1);

const rules = (maxSeries: number): string => `metrics:
  maxSeries: ${maxSeries}
  rules:
    - { name: weights, type: histogram, help: h, value: weight, labels: [], buckets: [0, 2.5] }
    - { name: big, type: counter, help: h, when: { message: ^Session }, labels: [{ name: level, field: level }] }
`;

interface Way {
  readonly reference: boolean;
  /** Bytes of a chunk. */
  readonly size: number;
  /** What is behind the first chunk is left to the parser. */
  readonly leavesRest?: boolean;
  readonly interval?: string;
  readonly maxSeries: number;
}

/** What came of it: the events, and the ledger without what may differ. */
interface Outcome {
  readonly events: readonly { metrics: Record<string, number> }[];
  readonly ledger: LedgerReport;
}

async function outcomeOf(
  log: Buffer,
  { reference, size, leavesRest = false, interval, maxSeries }: Way,
): Promise<Outcome> {
  const { config } = await loadConfig({
    files: ['rules.yml'],
    readFile: async () => rules(maxSeries),
    env: {},
    options: { output: 'json', reportInterval: interval },
  });
  const texts: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      done();
    },
  });
  async function* bytesFrom(from: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < log.length; at += size) yield Buffer.from(log.subarray(at, at + size));
  }
  async function* chunks(): AsyncGenerator<Chunk> {
    const input = { name: 'log', framing: '' };
    if (!leavesRest) {
      for await (const bytes of bytesFrom(0)) yield { input, bytes };
      return;
    }
    yield { input, bytes: Buffer.from(log.subarray(0, size)) };
    yield { input, rest: { bytes: () => bytesFrom(size), isCrowded: true } };
  }
  const stdout = { stream, terminal: { isTTY: false, color: false } };
  const pipeline = openPipeline(config, {
    stdout,
    inputFormat: 'ndjson',
    referenceParser: reference,
    workers: 0,
    now: () => START + 864e5,
  });
  await pipeline.run(chunks());
  await pipeline.close();
  const lines = texts
    .join('')
    .split('\n')
    .filter((line) => line !== '');
  const ledger = pipeline.ledger.toReport(0);
  ledger.queues = {};
  // the digits of rates may be more or fewer
  ledger.handlers = {};
  const { metrics } = ledger.refused;
  ledger.refused.metrics = Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { events: lines.map((line) => JSON.parse(line)), ledger };
}

const text = fc.constantFrom(
  'a',
  'b',
  '',
  'ü"\\\u0001',
  'mirrord-copy-1',
  'mirrord-copy-22',
  'x/y',
  'long'.repeat(20),
);
const number = fc.oneof(
  fc.integer({ min: -2, max: 100_000 }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.constantFrom(1e300, 5e-324, 1 / 3, 1e-30, '12.5', 'x', null, true, -1),
);
const fields = fc.record(
  {
    message: fc.constantFrom('Session Start', 'Session End', 'Port Steal', 'Copy Target', 'other', 7),
    session_id: fc.oneof(fc.integer({ min: 0, max: 9 }), text),
    session_duration: number,
    weight: number,
    client_user: text,
    client_name: text,
    client_id: text,
    target: fc.constantFrom('deployment/web', 'pod/a/container/b', 'x', 5),
    target_name: text,
    target_namespace: text,
    scale_down: fc.constantFrom(true, false, 'maybe'),
  },
  { requiredKeys: [] },
);
/** Records may name a metric that others are counted for, too. */
const naming = fc.record(
  {
    message: fc.constantFrom('Session Start', 'metrics'),
    client_user: text,
    'monotonic_counter.mirrord_sessions_create_total': fc.constantFrom(1, 2, -1),
    'histogram.other': number,
  },
  { requiredKeys: [] },
);
const record = (some: typeof fields | typeof naming) =>
  fc.record(
    {
      timestamp: fc.oneof(
        fc.integer({ min: 0, max: 3_600_000 }).map((ms) => new Date(START + ms).toISOString()),
        fc.constantFrom('no time', '2099-01-01T00:00:00Z'),
      ),
      level: fc.constantFrom('INFO', 'warn', 'ERROR', 'odd'),
      fields: some as fc.Arbitrary<object>,
      namespace: fc.constantFrom('metrics', 'circuit'),
    },
    { requiredKeys: ['fields'] },
  );
const line = (names: boolean) =>
  fc.oneof(
    { weight: 20, arbitrary: record(fields).map((object) => JSON.stringify(object)) },
    { weight: names ? 5 : 0, arbitrary: record(naming).map((object) => JSON.stringify(object)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{"x":1}',
        '{"broken',
        '',
        '[1]',
        '{"level":"INFO","message":"Session Start"}',
      ),
    },
  );

/** Of rates, which depend on the order of additions where marks are late, all but the last digits count. */
function agree(one: Outcome, other: Outcome): boolean {
  if (JSON.stringify(one.ledger) !== JSON.stringify(other.ledger)) return false;
  if (one.events.length !== other.events.length) return false;
  return one.events.every((event, k) => {
    const mine = { ...event.metrics };
    const theirs = { ...other.events[k]!.metrics };
    for (const key of ['m1_rate', 'm5_rate', 'm15_rate']) {
      const [a, b] = [mine[key] ?? 0, theirs[key] ?? 0];
      if (Math.abs(a - b) > 1e-12 * Math.max(a, b)) return false;
      delete mine[key];
      delete theirs[key];
    }
    return (
      JSON.stringify({ ...event, metrics: mine }) === JSON.stringify({ ...other.events[k], metrics: theirs })
    );
  });
}

for (const interval of [undefined, '10m']) {
  t.test(
    `records are measured where they are read as they are by JavaScript${interval ? ', report by report' : ''}`,
    async (t) => {
      // above the limit, what is admitted depends on who counts, if one metric has both
      const ways = fc.constantFrom(5, 1000).chain((maxSeries) =>
        fc.record({
          maxSeries: fc.constant(maxSeries),
          lines: fc.array(line(maxSeries > 5), { maxLength: 120, size: 'max' }),
          size: fc.integer({ min: 50, max: 5000 }),
          leavesRest: fc.boolean(),
        }),
      );
      const found = await fc.check(
        fc.asyncProperty(ways, async ({ lines, maxSeries, ...way }) => {
          const log = Buffer.from(`${lines.join('\n')}\n`);
          const given = interval === undefined ? { maxSeries } : { interval, maxSeries };
          const expected = await outcomeOf(log, { reference: true, size: log.length, ...given });
          return agree(await outcomeOf(log, { reference: false, ...way, ...given }), expected);
        }),
        { numRuns: 25, endOnFailure: true },
      );
      t.equal(found.errorInstance ?? found.counterexample, null);
    },
  );
}

/** Of a report: the sessions that are active. */
const activeIn = ({ events }: Outcome): number[] =>
  (events as unknown as { metric: string; metrics: { value: number } }[])
    .filter(({ metric }) => metric === 'mirrormon_sessions_active')
    .map(({ metrics }) => metrics.value);

const session = (minute: number | undefined, what: 'Start' | 'End' | 'Other', id = 'a'): string =>
  JSON.stringify({
    timestamp: minute === undefined ? 'no time' : new Date(START + minute * 60_000).toISOString(),
    level: 'INFO',
    fields: { message: `Session ${what}`, session_id: id },
  });

const restarts: Record<string, readonly [lines: readonly string[], active: readonly number[]]> = {
  'that ends and starts again between two reports': [
    [session(undefined, 'Start'), session(1, 'Other'), session(12, 'End'), session(13, 'Start')],
    [0, 1],
  ],
  'that starts twice and ends once': [
    [session(undefined, 'Start'), session(1, 'Other'), session(12, 'Start'), session(13, 'End')],
    [0, 1],
  ],
  'that is older than the longest session when it starts again': [
    [session(0, 'Start'), session(1450, 'Other'), session(1461, 'End'), session(1462, 'Start')],
    [1, 0, 1],
  ],
  'that starts again and ends for good': [
    [session(0, 'Start'), session(12, 'End'), session(13, 'Start'), session(14, 'End'), session(25, 'Other')],
    [1, 0, 0],
  ],
};
for (const [name, [lines, active]] of Object.entries(restarts)) {
  t.test(`a session ${name} is active since its latest start`, async (t) => {
    const log = Buffer.from(`${lines.join('\n')}\n`);
    const way = { size: log.length, interval: '10m', maxSeries: 1000 };
    const [ours, theirs] = [
      await outcomeOf(log, { ...way, reference: false }),
      await outcomeOf(log, { ...way, reference: true }),
    ];
    t.same(activeIn(theirs), active);
    t.same(activeIn(ours), active);
  });
}

t.test('a series counts from its first record in the input, also if that waited for its turn', async (t) => {
  const start = (timestamp: string, client_user: string): string =>
    JSON.stringify({ timestamp, level: 'INFO', fields: { message: 'Session Start', client_user } });
  const [soon, later] = [new Date(START).toISOString(), new Date(START + 60_000).toISOString()];
  const lines = [start('2099-01-01T00:00:00Z', 'b'), start(soon, 'a'), start(later, 'b')];
  const log = Buffer.from(`${lines.join('\n')}\n`);
  const users = async (reference: boolean) => {
    const { events } = await outcomeOf(log, { reference, size: log.length, maxSeries: 1 });
    const own = (events as unknown as { metric: string; tags?: Record<string, string> }[]).filter(
      ({ metric }) => metric === 'mirrord_sessions_create_total',
    );
    return own.map(({ tags }) => tags?.client_user);
  };
  t.same(await users(true), ['b', 'overflow']);
  t.same(await users(false), ['b', 'overflow']);
});
