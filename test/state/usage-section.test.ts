import fc from 'fast-check';
import t from 'tap';
import { ByteReader } from '../../lib/state/byte-reader.ts';
import { ByteWriter } from '../../lib/state/byte-writer.ts';
import { TimeReader, TimeWriter } from '../../lib/state/time-codec.ts';
import { readUsage, writeUsage } from '../../lib/state/usage-section.ts';
import { auditRows } from '../../lib/usage/audit-rows.ts';
import type { Usage } from '../../lib/usage/index.ts';
import { portSteals } from '../../lib/usage/steals.ts';
import { damagedLog, logRecord, usageOf } from '../usage/support.ts';

t.setTimeout(7_200_000);
const numRuns = Number(process.env.MIRRORMON_PROPERTY_RUNS ?? 100);

function bytesOf(usage: Usage): Buffer {
  const to = new ByteWriter();
  writeUsage(to, usage.state());
  return Buffer.from(to.written);
}

/** Everything that is asked of usage, in a form that can be compared. */
const answers = (usage: Usage): string =>
  JSON.stringify([
    usage.oldest,
    usage.newest,
    [...usage.inputs].sort(),
    // sessions without an id that begin together have no order
    Array.from(auditRows(usage), (row) => JSON.stringify(row)).sort(),
    portSteals(usage.sessions, usage.until),
    usage.levels.top(),
    [...usage.levels.counts],
    [...usage.events.byType].sort(),
    usage.events.all(),
    usage.copies.count,
  ]);

type JsonObject = Record<string, unknown>;

const ids = fc.oneof(fc.constantFrom(undefined, '18446744073709551615', 'é'), fc.nat(20).map(String));
/** Whose session it is, its id says; without one it is anybody's. */
const whose = fc.tuple(ids, fc.nat(2)).map(([session_id, any]) => {
  const k = session_id === undefined ? any : session_id.length % 3;
  return { session_id, client_user: ['ada', '', 'bo'][k], target: ['deployment/web', 'pod/x', 'web'][k] };
});
const uses = fc.record({
  port: fc.constantFrom(80, 443),
  http_filter: fc.constantFrom('', 'x: y'),
  session_duration: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
  scale_down: fc.boolean(),
});
const messages = [
  'Session Start',
  'Session End',
  'Port Steal',
  'Port Mirror',
  'Port Release',
  'Copy Target',
  'something',
];
const logs: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom(...messages),
    fc.oneof(fc.nat(5000), fc.double({ min: 0, max: 5000, noNaN: true })),
    fc.tuple(whose, uses).map(([who, use]) => ({ ...who, ...use })),
    fc.constantFrom('INFO', 'WARN', 'ERROR'),
  )
  .map(([message, seconds, of, level]) => logRecord(message, seconds, of, { level }));
const events: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.nat(3), fc.nat(100), fc.nat(9))
  .map(([source, seconds, value]) => ({
    namespace: 'metrics',
    timestamp: new Date(Date.UTC(2024, 3, 1) + seconds * 1000).toISOString(),
    source_id: `r${source}`,
    metric: 'link.latency',
    metrics: { mean: value },
  }));
/** What an id is told again: of ids that are used again it depends on the order which session has which duration. */
function isFirst({ fields }: JsonObject, seen: Set<string>): boolean {
  const { session_id, message } = (fields ?? {}) as JsonObject;
  if (session_id === undefined || !/^Session/.test(String(message))) return true;
  const key = `${session_id} ${message}`;
  return !seen.has(key) && seen.add(key) !== undefined;
}

/** Each at a time of its own: of sessions that begin together it depends on the order which one has a copy. */
const records = fc.array(fc.oneof(logs, logs, events), { maxLength: 60, size: 'max' }).map((all) => {
  const seen = new Set<string>();
  const first = all.filter((record) => isFirst(record, seen));
  return first.map((record, k) => {
    const time = String(record.timestamp).replace('Z', `${String(k).padStart(3, '0')}Z`);
    return { ...record, timestamp: time };
  });
});

t.test('any split of any records, each part as bytes, merged in any order, is the whole', async (t) => {
  const holds = fc.property(records, fc.infiniteStream(fc.nat()), (all, random) => {
    const next = (of: number): number => (random.next().value as number) % of;
    const parts = Array.from({ length: 1 + next(6) }, (): JsonObject[] => []);
    for (const record of all) parts[next(parts.length)]!.push(record);
    const merged = usageOf([]);
    while (parts.length > 0) {
      const [part] = parts.splice(next(parts.length), 1);
      merged.merge(readUsage(new ByteReader(bytesOf(usageOf(part!)))));
    }
    return answers(merged) === answers(usageOf(all));
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 11, numRuns }));
});

t.test('a session takes less than a hundred bytes, its id, names and ports included', async (t) => {
  const usage = usageOf(damagedLog(5000));
  const bytes = bytesOf(usage).length / usage.sessions.table.length;
  t.ok(bytes < 100, `${bytes}`);
});

t.test('what is cut off is told', async (t) => {
  const bytes = bytesOf(usageOf(damagedLog(100)));
  for (let length = 0; length < bytes.length; length++) {
    t.throws(() => readUsage(new ByteReader(bytes.subarray(0, length))), `${length} bytes`);
  }
});

t.test('times come back to the last bit', async (t) => {
  const doubles = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.date({ noInvalidDate: true }).map((date) => date.getTime() + 0.866),
  );
  const holds = fc.property(fc.array(doubles), (times) => {
    const to = new ByteWriter();
    const writer = new TimeWriter(to);
    for (const time of times) writer.write(time);
    const reader = new TimeReader(new ByteReader(to.written));
    return times.every((time) => {
      const read = reader.read();
      return read === time || Number.isNaN(read + time);
    });
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 12 }));
});
