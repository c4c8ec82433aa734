import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { type GenerateOptions, generate } from '../../lib/generate/index.ts';
import { fixture } from '../helpers/root.ts';

type Json = Record<string, unknown>;

function text(options: GenerateOptions): string {
  return Buffer.concat([...generate(options)]).toString();
}

function records(options: GenerateOptions): Json[] {
  const lines = text(options).split('\n');
  t.equal(lines.pop(), '', 'the last line ends');
  return lines.map((line) => JSON.parse(line) as Json);
}

function sha256(options: GenerateOptions): string {
  return createHash('sha256').update(text(options)).digest('hex');
}

const operator = { kind: 'operator', records: 8000, seed: 1 } as const;
const ziti = { kind: 'ziti', records: 3000, seed: 1 } as const;

t.test('the same options give the same bytes, others give others', async (t) => {
  for (const options of [operator, ziti]) {
    t.equal(sha256(options), sha256(options));
    t.not(sha256(options), sha256({ ...options, seed: 2 }));
    const beginning = text({ ...options, records: 100 });
    t.ok(text(options).startsWith(beginning), 'fewer records are the beginning of more');
  }
  t.same([...generate({ ...operator, records: 0 })], []);
});

t.test('the shipped log is what the generator makes, on every machine', async (t) => {
  const shipped = gunzipSync(readFileSync(fixture('operator', 'operator.log.gz'))).toString();
  t.ok(shipped === text({ kind: 'operator', records: 4000, seed: 1 }), 'byte for byte');
});

t.test('chunks are about a megabyte and end with a line', async (t) => {
  const chunks = [...generate({ ...operator, records: 9000 })];
  t.ok(chunks.length > 2);
  for (const chunk of chunks) t.ok(chunk.length <= 1 << 20 && chunk.at(-1) === 10);
  for (const chunk of chunks.slice(0, -1)) t.ok(chunk.length > (1 << 20) - 4096);
});

t.test('every layout holds the same records', async (t) => {
  for (const options of [operator, ziti]) {
    const plain = records(options);
    const random = records({ ...options, layout: 'random' });
    t.same(random, plain);
    const orders = (list: Json[]) => new Set(list.map((record) => Object.keys(record).join())).size;
    t.ok(orders(random) > 2 * orders(plain), 'keys in many orders');
    t.same(records({ ...options, layout: 'spaced' }), plain);
  }
  const spaced = text({ ...operator, layout: 'spaced' });
  t.match(spaced, /^\{"timestamp": "2024-04-01T00:00:0\d\.\d{6}Z", "level": "INFO", "fields": \{"message": /);
  t.equal(spaced.split('\r\n').length, operator.records + 1);
});

t.test('operator: the mix of an Operator at work', async (t) => {
  const all = records({ ...operator, records: 40_000 });
  const counts = new Map<string, number>();
  for (const { fields } of all) {
    const message = String((fields as Json).message ?? 'measurement');
    counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  const share = (message: string) => (counts.get(message) ?? 0) / all.length;
  for (const [message, expected] of [
    ['Session Start', 0.12],
    ['Session End', 0.12],
    ['Port Mirror', 0.06],
    ['Copy Target', 0.04],
    ['measurement', 0.03],
  ] as const) {
    t.ok(Math.abs(share(message) - expected) < 0.01, `${message}: ${share(message)}`);
  }
  t.ok(share('Port Steal') > 0.1 && share('Port Release') > 0.1);
  t.equal(counts.get('Loaded license!'), 1);
  t.same([...new Set(all.map(({ level }) => level))].sort(), ['DEBUG', 'INFO', 'TRACE', 'WARN']);
  const bytes = Buffer.byteLength(text({ ...operator, records: 40_000 })) / all.length;
  t.ok(bytes > 330 && bytes < 400, `${bytes} bytes a record`);
});

t.test('operator: sessions are coherent', async (t) => {
  const open = new Map<string, { time: number; client: unknown; ports: unknown[] }>();
  let ends = 0;
  for (const { timestamp, fields } of records(operator)) {
    const { message, session_id, session_duration, client_id, port } = fields as Json;
    const id = String(session_id);
    const time = Date.parse(String(timestamp));
    if (message === 'Session Start') {
      if (open.has(id)) t.fail(`session ${id} starts twice`);
      open.set(id, { time, client: client_id, ports: [] });
    } else if (message === 'Session End') {
      const session = open.get(id);
      // Now and then a record is written up to 2 s late.
      const lasted = (time - (session?.time ?? 0)) / 1000;
      if (Math.abs(lasted - Number(session_duration)) > 2.1)
        t.fail(`${id} lasted ${lasted}, not ${session_duration}`);
      if (session?.client !== client_id) t.fail(`${id} ends for another client`);
      open.delete(id);
      ends++;
    } else if (port !== undefined && session_id !== undefined) {
      const held = open.get(id)?.ports;
      if (held === undefined) t.fail(`${message} of ${id}, which is not open`);
      if (message !== 'Port Release') held?.push(port);
      else if (!held?.includes(port)) t.fail(`${id} releases a port that it does not hold`);
    }
  }
  t.ok(ends > 800);
  t.ok(open.size > 30 && open.size < 120, `${open.size} sessions are open at the end`);
});

t.test('operator: times rise in microseconds, but for a few', async (t) => {
  const times = records(operator).map(({ timestamp }) => String(timestamp));
  t.ok(times.every((time) => /^2024-04-0\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time)));
  t.ok((times[0] as string) >= '2024-04-01T00:00:00.000000Z');
  const backwards = times.filter((time, k) => k > 0 && time < (times[k - 1] as string)).length;
  t.ok(backwards > 0 && backwards < times.length / 100, `${backwards} are out of order`);
});

t.test('operator: what a parser must cope with', async (t) => {
  const log = text(operator);
  t.match(log, 'Jo \\"JJ\\"', 'escaped quotes');
  t.match(log, '\\\\w+', 'backslashes');
  t.match(log, 'Chloé');
  t.match(log, '田中');
  for (const name of [
    'monotonic_counter.mirrord_stolen_connections_count',
    'monotonic_counter.mirrord_stolen_requests_count',
    'histogram.mirrord_operator_ping_latency',
    'gauge.mirrord_license_valid_seconds',
  ]) {
    t.match(log, `"${name}":`);
  }
});

t.test('ziti: reports as a controller writes them', async (t) => {
  const all = records(ziti);
  const metrics = all.filter(({ namespace }) => namespace === 'metrics');
  t.ok(metrics.length > 0.9 * all.length);
  t.ok(new Set(all.map(({ namespace }) => namespace)).size >= 4, 'and other events between them');
  const types = new Set(metrics.map(({ metric_type }) => metric_type));
  t.same([...types].sort(), ['floatValue', 'histogram', 'intValue', 'meter', 'timer']);
  t.ok(new Set(metrics.map(({ source_id }) => source_id)).size > 5, 'several sources');
  const link = metrics.filter(({ metric }) => String(metric).startsWith('link.'));
  t.ok(link.every(({ source_entity_id }) => source_entity_id !== undefined));
  t.ok(
    link.some(({ tags }) => tags === undefined) && link.some(({ tags }) => tags !== undefined),
    'tags come and go',
  );
  const expected = ['namespace', 'event_src_id', 'timestamp', 'metric_type', 'source_id', 'source_entity_id'];
  t.same(Object.keys(link[0] as Json).slice(0, 6), expected);
  for (const { metrics: figures } of metrics) {
    const keys = Object.keys(figures as Json);
    if (keys.join() !== [...keys].sort().join()) t.fail(`keys out of order: ${keys}`);
  }
  const reports = new Map<unknown, Set<string>>();
  for (const { source_event_id, source_id, timestamp } of metrics) {
    const of = reports.get(source_event_id) ?? new Set();
    reports.set(source_event_id, of.add(`${source_id} ${timestamp}`));
  }
  t.ok(
    reports.size > 20 && [...reports.values()].every((of) => of.size === 1),
    'one source and time a report',
  );
});

function sessionsOf(options: GenerateOptions) {
  const starts = new Set<unknown>();
  const ends = new Set<unknown>();
  for (const { fields } of records(options)) {
    const { message, session_id } = fields as Json;
    if (message === 'Session Start') starts.add(session_id);
    if (message === 'Session End') ends.add(session_id);
  }
  const startless = [...ends].filter((id) => !starts.has(id)).length;
  return { starts: starts.size, endless: [...starts].filter((id) => !ends.has(id)).length, startless };
}

t.test('operator: scenarios', async (t) => {
  const usualOnes = sessionsOf(operator);
  t.equal(usualOnes.startless, 0, 'every end has its start');
  t.ok(usualOnes.endless < 120, 'what has no end is open still');
  const unpaired = sessionsOf({ ...operator, unpaired: 20 });
  t.ok(unpaired.startless > 0.05 * unpaired.starts, `${unpaired.startless} have no start`);
  t.ok(unpaired.endless > usualOnes.endless + 0.05 * unpaired.starts, `${unpaired.endless} have no end`);

  const many = records({ ...operator, users: 5000, targets: 1, errors: 10 });
  const users = new Set(many.map(({ fields }) => (fields as Json).client_user).filter(Boolean));
  t.ok(users.size > 500, `${users.size} users`);
  const targets = new Set(many.map(({ fields }) => (fields as Json).target_name).filter(Boolean));
  t.equal(targets.size, 1);
  const errors = many.filter(({ level }) => level === 'ERROR').length / many.length;
  t.ok(errors > 0.08 && errors < 0.12, `${errors} are errors`);
});

t.test('operator: silences, bursts and late records', async (t) => {
  const times = (more: Partial<GenerateOptions>) =>
    records({ ...operator, ...more }).map(({ timestamp }) => Date.parse(String(timestamp)));
  const gaps = (list: number[]) => list.slice(1).map((time, k) => time - list[k]!);
  const silences = gaps(times({ gaps: 1000 })).filter((gap) => gap > 3_500_000);
  t.ok(silences.length >= 2 && silences.length < 20, `${silences.length} silences`);
  t.equal(gaps(times({})).filter((gap) => gap > 3_500_000).length, 0);
  const dense = gaps(times({ bursts: 2000 })).filter((gap) => Math.abs(gap) < 3).length;
  t.ok(dense > 1000, `${dense} records follow within 3 ms`);
  t.equal(gaps(times({ late: 0 })).filter((gap) => gap < 0).length, 0, 'none comes late');
});

t.test('every framing wraps the same records', async (t) => {
  for (const options of [operator, { ...ziti, gaps: 100 }] as const) {
    const plain = text(options).trimEnd().split('\n');
    const unwrap = (framing: GenerateOptions['framing'], by: (line: string) => string) => {
      t.ok(
        text({ ...options, framing })
          .trimEnd()
          .split('\n')
          .map(by)
          .join('\n') === plain.join('\n'),
        String(framing),
      );
    };
    unwrap('kubectl', (line) => line.replace(/^20\d\d-\d\d-\d\dT\S+Z /, ''));
    unwrap('cri', (line) => line.replace(/^20\d\d-\d\d-\d\dT\S+Z stdout F /, ''));
    unwrap('docker', (line) => (JSON.parse(line) as { log: string }).log.trimEnd());
  }
});
