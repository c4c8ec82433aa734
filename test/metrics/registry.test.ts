import t from 'tap';
import type { Config } from '../../lib/config.ts';
import { allAreRead } from '../../lib/metrics/demand.ts';
import { Observers } from '../../lib/metrics/observers.ts';
import { RecordHashes } from '../../lib/metrics/record-hashes.ts';
import { Registry } from '../../lib/metrics/registry.ts';
import { logRecord, metricsConfig, workshop } from '../helpers/batches.ts';

function open(overrides: Partial<Config['metrics']> = {}) {
  const shop = workshop();
  const refused: string[] = [];
  const bounded = { measurements: 0, labels: 0, series: 0 };
  const registry = new Registry({
    isRead: allAreRead,
    ...shop,
    config: metricsConfig(overrides),
    seed: 1,
    onRefused: (metric, reason, again) => refused.push(`${metric} ${reason}${again ? ' again' : ''}`),
    onBounded: (what) => {
      bounded[what]++;
    },
  });
  // the gauges of systems are read with everything else
  const observers = new Observers(shop.systems.map(({ open }) => open));
  const hashes = new RecordHashes();
  let at = 100;
  const record = (...objects: Record<string, unknown>[]): boolean[] => {
    const batch = shop.batch(objects);
    const times = Float64Array.from(objects, () => 1000 * at++);
    const touched = new Uint8Array(objects.length);
    hashes.begin(batch.rows);
    const span = { batch, from: 0, to: batch.rows, times, clock: times, touched, hashes };
    registry.measure(span);
    observers.observe(span);
    return Array.from(touched, (one) => one === 1);
  };
  /** name{label=value}: value or count/sum, without the gauge of active sessions. */
  const figures = (): string[] =>
    [...registry.families(1_000_000)].flatMap((family) =>
      [...family.series].map((series) => {
        const labels = family.labels.map((label, k) => `${label}=${series.labels[k]}`);
        const value = series.count === undefined ? series.value : `${series.count}/${series.sum}`;
        return `${family.name}{${labels}} ${value}`;
      }),
    );
  return { registry, record, figures, refused, bounded };
}

const client = { client_hostname: 'mac', client_name: 'Ann', client_user: 'ann@corp', client_id: 'a1' };

t.test('functional messages', (t) => {
  const { record, figures } = open();
  record(
    logRecord('Session Start', {
      ...client,
      session_id: '1',
      target: 'deployment/web',
      target_namespace: 'shop',
    }),
    logRecord('Port Steal', { ...client, session_id: '1', port: 80 }),
    logRecord('Port Release', { ...client, session_id: '1', port: 80 }),
    logRecord('Copy Target', { ...client, scale_down: true }),
    logRecord('Session End', {
      ...client,
      session_id: '1',
      target: 'deployment/web',
      session_duration: 12.5,
    }),
    logRecord('reconciled', {}, { level: 'DEBUG' }),
  );
  t.same(figures(), [
    'mirrord_sessions_create_total{client_hostname=mac,client_name=Ann,client_user=ann@corp,user_id=a1} 1',
    'mirrord_sessions_duration{client_hostname=mac,client_name=Ann,client_user=ann@corp,user_id=a1} 1/12.5',
    'mirrormon_session_duration_seconds{target_namespace=,target_type=deployment,target_name=web} 1/12.5',
    'mirrormon_port_events_total{action=Port Steal} 1',
    'mirrormon_port_events_total{action=Port Release} 1',
    'mirrormon_copy_targets_total{scale_down=true} 1',
    'mirrormon_log_records_total{level=INFO} 5',
    'mirrormon_log_records_total{level=DEBUG} 1',
    'mirrormon_sessions_active{} 0',
  ]);
  t.end();
});

t.test('a missing label is empty and costs no other label', (t) => {
  const { record, figures } = open();
  record(logRecord('Session Start', { client_user: 'ann@corp' }));
  t.match(figures()[0], '{client_hostname=,client_name=,client_user=ann@corp,user_id=} 1');
  t.end();
});

t.test('a session end without a duration is counted as a rejected measurement, and makes no series', (t) => {
  const { record, figures, refused } = open();
  t.same(record(logRecord('Session End', client)), [true], 'its level was counted');
  t.same(
    refused.splice(0),
    ['mirrord_sessions_duration missing', 'mirrormon_session_duration_seconds missing again'],
    'two metrics wanted the duration',
  );
  t.same(figures(), ['mirrormon_log_records_total{level=INFO} 1']);
  record(logRecord('Session End', { ...client, duration: 3 }));
  t.match(figures()[0], /mirrord_sessions_duration.* 1\/3/, 'its name before Operator 3.140.1');
  t.end();
});

t.test('records that name their metrics', (t) => {
  const { record, figures, refused } = open();
  record(
    logRecord('stolen', {
      'monotonic_counter.mirrord_stolen_connections_count': 2,
      port: 80,
      user_id: 'a1',
      other: 'x',
    }),
    logRecord('stolen', { 'monotonic_counter.mirrord_stolen_connections_count': 3, port: 80, user_id: 'a1' }),
    logRecord('', { 'gauge.mirrord_license_valid_seconds': 100 }),
    logRecord('', { 'counter.open_files': 5 }),
    logRecord('', { 'counter.open_files': -2 }),
    logRecord('', { 'histogram.size': 7, kind: 'a' }),
    logRecord('', { 'histogram.size': 8, zone: 'b' }),
  );
  t.same(
    figures().filter((line) => !line.startsWith('mirrormon_')),
    [
      'mirrord_license_valid_seconds{} 100',
      'mirrord_stolen_connections_count{port=80,namespace=,target=,user_id=a1} 5',
      'open_files{} 3',
      'size{kind=a,zone=} 1/7',
      'size{kind=,zone=b} 1/8',
    ],
  );
  t.same(refused, []);
  record(
    logRecord('', { 'gauge.mirrord_stolen_connections_count': 1 }),
    logRecord('', { 'monotonic_counter.open_files': 1 }),
    logRecord('', { 'gauge.x': 'many' }),
    logRecord('', { 'monotonic_counter.y': -1 }),
    logRecord('', { 'histogram.z': null }),
    logRecord('', { 'histogram.z': {} }),
    logRecord('', { 'histogram.mirrord_operator_ping_latency': null }),
    logRecord('', { 'histogram.mirrord_operator_ping_latency': {} }),
  );
  t.same(refused, [
    'mirrord_operator_ping_latency missing',
    'mirrord_operator_ping_latency not-a-number',
    'mirrord_stolen_connections_count other-kind',
    'open_files other-kind',
    'x not-a-number',
    'y negative',
    'z missing',
    'z not-a-number',
  ]);
  t.end();
});

t.test('rules of the user, in the form of the catalogue', (t) => {
  const { record, figures } = open({
    rules: [
      {
        name: 'steals_by_port',
        type: 'counter',
        help: 'x',
        labels: [{ name: 'port', field: 'port' }],
        when: { message: '^Port Steal$', fields: { client_user: '@corp$' } },
      },
    ],
  });
  record(
    logRecord('Port Steal', { port: 80, client_user: 'ann@corp' }),
    logRecord('Port Steal', { port: 80, client_user: 'bob@home' }),
    logRecord('Port Mirror', { port: 80, client_user: 'ann@corp' }),
  );
  t.ok(figures().includes('steals_by_port{port=80} 1'), figures().join('\n'));
  t.end();
});

t.test('events of OpenZiti and objects of no kind touch nothing', (t) => {
  const { record, figures } = open();
  t.same(record({ a: 1 }, { namespace: 'metrics', metric: 'm', metrics: { value: 1 } }), [false, false]);
  t.same(figures(), []);
  t.end();
});

t.test('a gauge is the newest value that it was set to, whichever source that came from', (t) => {
  // it is set and moved by records that name it, and the same name is derived from the log by a rule
  const rules = [
    {
      name: 'level_of_tank',
      type: 'gauge' as const,
      help: 'x',
      labels: [],
      when: { message: '^refilled$' },
      value: 'litres',
    },
  ];
  const records = [
    logRecord('', { 'counter.level_of_tank': 5 }),
    logRecord('', { 'gauge.level_of_tank': 10 }),
    logRecord('', { 'counter.level_of_tank': -3, 'gauge.level_of_tank': 50 }),
    logRecord('refilled', { litres: 100 }),
    logRecord('', { 'counter.level_of_tank': 1 }),
  ];
  const level = ({ figures }: ReturnType<typeof open>) =>
    figures().find((line) => line.startsWith('level_of_tank'));
  const whole = open({ rules });
  whole.record(...records);
  const cut = open({ rules });
  for (const record of records) cut.record(record);
  for (const one of [whole, cut]) {
    t.equal(level(one), 'level_of_tank{} 100', 'however they are cut into batches');
    t.equal(one.refused.length, 3, 'what is set cannot be moved, neither before nor after');
  }
  const moved = open({ rules });
  for (const record of [records[0]!, records[4]!]) moved.record(record);
  t.equal(level(moved), 'level_of_tank{} 6', 'what is only moved is the sum');
  t.same(moved.refused, []);
  t.end();
});

t.test('what a record measures under known and under unknown names is all counted', (t) => {
  const { record, figures, refused } = open();
  record(
    logRecord('', { 'monotonic_counter.mirrord_stolen_connections_count': 2, 'counter.mine': 1, port: 80 }),
    logRecord('', {
      'monotonic_counter.mirrord_stolen_connections_count': 'two',
      'counter.mine': 1,
      port: 80,
    }),
    logRecord('', { 'histogram.mirrord_stolen_connections_count': 2 }),
  );
  t.ok(figures().includes('mirrord_stolen_connections_count{port=80,namespace=,target=,user_id=} 2'));
  t.ok(figures().includes('mine{port=80} 2'));
  t.same(
    refused,
    ['mirrord_stolen_connections_count not-a-number', 'mirrord_stolen_connections_count other-kind'],
    'a text is no value, and a counter no histogram',
  );
  t.end();
});

t.test('numbers that were written as texts are measured, what is none is refused with its reason', (t) => {
  const { record, figures, refused } = open();
  const end = (session_duration: unknown) => logRecord('Session End', { ...client, session_duration });
  record(end('12.5'), end(' 1e1 '), end(2));
  t.match(figures()[0], /mirrord_sessions_duration.* 3\/24.5/);
  t.same(refused, []);
  const reasons = (value: unknown): string[] => {
    record(end(value));
    return refused.splice(0);
  };
  for (const [value, reason] of [
    ['10.5s', 'not-a-number'],
    ['', 'not-a-number'],
    ['0x10', 'not-a-number'],
    [{ secs: 5, nanos: 0 }, 'not-a-number'],
    [[5], 'not-a-number'],
    [true, 'not-a-number'],
    [null, 'missing'],
    [-3, 'negative'],
    ['-3', 'negative'],
    ['1e400', 'not-finite'],
  ] as const) {
    t.same(
      reasons(value),
      [`mirrord_sessions_duration ${reason}`, `mirrormon_session_duration_seconds ${reason} again`],
      JSON.stringify(value),
    );
  }
  record(logRecord('', { 'monotonic_counter.own': '5' }), logRecord('', { 'monotonic_counter.own': 2 }));
  t.ok(figures().includes('own{} 7'));
  t.same(refused, []);
  t.end();
});

t.test('beyond maxMetrics, further names and attributes join series that keep the totals', (t) => {
  const { registry, record, figures, bounded } = open({ maxMetrics: 3 });
  const one = (fields: Record<string, unknown>) => logRecord('m', fields, { level: undefined });
  for (let k = 0; k < 5; k++) record(one({ [`monotonic_counter.a${k}`]: 2 }));
  for (let k = 0; k < 4; k++) record(one({ 'monotonic_counter.a0': 1, [`k${k}`]: 'v' }));
  record(
    one({ 'histogram.h0': 4 }),
    one({ 'histogram.h1': 5 }),
    one({ 'gauge.g': 7 }),
    one({ 'counter.c': -3 }),
  );
  t.same(
    figures().filter((line) => /^(a|h|g|c|mirrormon_overflow)/.test(line)),
    [
      'a0{overflow=} 2',
      'a0{overflow=true} 4',
      'a1{} 2',
      'a2{} 2',
      'mirrormon_overflow_monotonic{overflow=true} 4',
      'mirrormon_overflow_histogram{overflow=true} 2/9',
      'mirrormon_overflow_gauge{overflow=true} 7',
      'mirrormon_overflow_counter{overflow=true} -3',
    ],
  );
  t.same(bounded, { measurements: 10, labels: 0, series: 0 });
  const before = [...registry.metrics()].length;
  for (let k = 0; k < 100; k++) record(one({ [`monotonic_counter.b${k}`]: 1, [`l${k}`]: 'v' }));
  t.equal([...registry.metrics()].length, before);
  t.end();
});

t.test(
  'attributes of measurements are shortened, and a name beyond any use has no metric of its own',
  (t) => {
    const { record, figures, bounded } = open();
    record(logRecord('m', { 'monotonic_counter.a': 1, long: 'é'.repeat(513), short: 'é'.repeat(512) }));
    const series = figures().find((line) => line.startsWith('a{'));
    t.equal(series, `a{long=${'é'.repeat(510)}…,short=${'é'.repeat(512)}} 1`);
    t.same(bounded, { measurements: 0, labels: 1, series: 0 });
    record(logRecord('m', { [`monotonic_counter.${'n'.repeat(9000)}`]: 1 }));
    t.ok(figures().includes('mirrormon_overflow_monotonic{overflow=true} 1'));
    t.end();
  },
);
