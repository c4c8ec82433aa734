import { once } from 'node:events';
import t from 'tap';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';
import { freePort } from '../helpers/free-port.ts';
import { keyOf } from '../helpers/independent-count.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { need } from './components.ts';
import { eventually, promtool, startPrometheus } from './services.ts';
import { parseStrictly } from './strict-parser.ts';

await need('promtool');
await need('prometheus');
await need('prometheus_client');

interface Fields {
  readonly message?: string;
  readonly client_user?: string;
  readonly session_duration?: number;
  readonly target_namespace?: string;
  readonly target_name?: string;
  readonly port?: number;
  readonly 'monotonic_counter.mirrord_stolen_connections_count'?: number;
}

/** Two halves of a live run. */
const halves: string[] = [];
for (const seed of ['1', '2']) {
  halves.push((await mirrormon(['generate', '--records', '6000', '--seed', seed])).stdout);
}
// a generated log knows one port of stolen connections
halves[1] = halves[1]!.replaceAll('"port":8080', '"port":9090');
const log = halves.join('');
const records: Fields[] = log
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).fields);

function sumBy(rows: Iterable<readonly [key: string, value: number]>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of rows) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}

const port = await freePort();
const url = `http://127.0.0.1:${port}/metrics`;
const child = start(['--metrics-addr', `127.0.0.1:${port}`, '-o', 'none', '-q']);
t.teardown(async () => {
  child.stdin!.end();
  if (child.exitCode === null) await once(child, 'exit');
});

const formats = {
  text: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
} as const;

async function scrape(format: keyof typeof formats): Promise<string> {
  const response = await fetch(url, { headers: { accept: formats[format] } });
  t.match(response.headers.get('content-type'), formats[format].split(';')[0]);
  return response.text();
}

t.test('a real Prometheus scrapes during a live run and answers', async (t) => {
  const prometheus = await startPrometheus({ targets: [`127.0.0.1:${port}`] });
  t.teardown(() => prometheus.stop());
  let lines = 0;
  for (const half of halves) {
    child.stdin!.write(half);
    lines += half.split('\n').length - 1;
    await eventually(`${lines} records are read and scraped`, async () => {
      const [sample] = await prometheus.query('mirrormon_records_read_total');
      return sample?.value === lines ? true : undefined;
    });
  }

  const answered = async (label: string, query: string): Promise<Map<string, number>> =>
    new Map((await prometheus.query(query)).map(({ metric, value }) => [metric[label]!, value]));

  const users = sumBy(
    records.flatMap(({ message, client_user }) =>
      message === 'Session Start' ? [[client_user!, 1] as const] : [],
    ),
  );
  const byUser = await answered('client_user', 'sum by (client_user) (mirrord_sessions_create_total)');
  t.ok(users.size > 100);
  t.same(Object.fromEntries([...byUser].sort()), Object.fromEntries([...users].sort()), 'sessions by user');

  const name = 'monotonic_counter.mirrord_stolen_connections_count';
  const ports = sumBy(
    records.flatMap((fields) => (fields[name] === undefined ? [] : [[String(fields.port), fields[name]]])),
  );
  const byPort = await answered('port', 'sum by (port) (mirrord_stolen_connections_count)');
  t.ok(ports.size > 1);
  t.same(
    Object.fromEntries([...byPort].sort()),
    Object.fromEntries([...ports].sort()),
    'stolen connections by port',
  );

  const durations = new Map<string, number[]>();
  for (const { message, target_namespace = '', target_name = '', session_duration } of records) {
    if (message !== 'Session End') continue;
    const key = keyOf('', {
      target_namespace,
      target_name: target_name.replace(/^mirrord-copy-.*/, 'mirrord-copy-*'),
    });
    durations.set(key, [...(durations.get(key) ?? []), session_duration!]);
  }
  const metric = 'mirrormon_session_duration_seconds';
  const { buckets = [] } = mirrordCatalogue.find((definition) => definition.name === metric)!;
  const labels = 'target_namespace, target_name';
  const answers = await prometheus.query(
    `histogram_quantile(0.95, sum by (le, ${labels}) (${metric}_bucket))`,
  );
  t.equal(answers.length, durations.size, 'every target');
  t.ok(durations.size > 50);
  for (const { metric, value } of answers) {
    const all = durations.get(keyOf('', metric))!.sort((a, b) => a - b);
    const exact = all[Math.ceil(0.95 * all.length - 1e-9) - 1]!;
    const at = buckets.findIndex((bound) => exact <= bound);
    const [low, high] = at < 0 ? [buckets.at(-1)!, buckets.at(-1)!] : [buckets[at - 1] ?? 0, buckets[at]!];
    // as near as buckets can tell
    if (!(value >= low && value <= high)) t.fail(`${JSON.stringify(metric)}: ${value}, and it is ${exact}`);
  }
});

/** The samples as they are written, without those that depend on when one asks. */
const samplesOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '' && !/^(#|mirrormon_(process|scrape|event_time_lag)_)/.test(line))
    .sort()
    .join('\n');

const typesOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));

t.test('both formats are valid, and say the same before and after a scrape of the other one', async (t) => {
  const before = await scrape('text');
  const first = await scrape('openmetrics');
  const after = await scrape('text');
  const second = await scrape('openmetrics');
  const expected = samplesOf(before);
  t.ok(expected.split('\n').length > 5000);
  for (const [what, text] of Object.entries({ first, after, second })) {
    t.ok(samplesOf(text) === expected, `${what}: the same names, labels and values, letter by letter`);
  }
  const comments = (text: string): string => text.match(/^#.*$/gm)!.join('\n');
  t.equal(comments(after), comments(before));
  t.equal(comments(second), comments(first));

  for (const text of [first, second]) {
    const parsed = await parseStrictly(text);
    t.equal(parsed.length, text.match(/^[^#\n].*$/gm)!.length, 'a strict parser takes every sample');
  }
  const plain = typesOf(after);
  const differing = [...typesOf(second)].filter(
    ([name, type]) => (plain.get(name) ?? plain.get(`${name}_total`)) !== type,
  );
  t.same(
    differing,
    [
      ['mirrord_stolen_connections_count', 'unknown'],
      ['mirrord_stolen_requests_count', 'unknown'],
    ],
    'OpenMetrics has no counters that do not end in _total: documented names keep their name',
  );
});

t.test('the parser is strict', async (t) => {
  t.equal((await parseStrictly('# TYPE a counter\na_total 1\n# EOF\n')).length, 1);
  await t.rejects(parseStrictly('# TYPE a counter\na 1\n# EOF\n'));
  await t.rejects(parseStrictly('# TYPE a gauge\na 1\n'), /EOF/);
});

t.test('promtool finds what documented names force, and nothing else', async (t) => {
  const forced = ['mirrord_stolen_connections_count', 'mirrord_stolen_requests_count'].flatMap((name) => [
    `${name} counter metrics should have "_total" suffix`,
    `${name} non-histogram and non-summary metrics should not have "_count" suffix`,
  ]);
  t.same((await promtool(await scrape('text'))).sort(), forced.sort());
});
