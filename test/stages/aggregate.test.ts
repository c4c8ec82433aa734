import t from 'tap';
import type { Flow } from '../../lib/batch/batch.ts';
import type { Config } from '../../lib/config.ts';
import type { MetricEvent } from '../../lib/events/metric-event.ts';
import { Ledger } from '../../lib/ledger.ts';
import { allAreRead } from '../../lib/metrics/demand.ts';
import { Registry } from '../../lib/metrics/registry.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import { Aggregate } from '../../lib/stages/aggregate.ts';
import { logRecord, metricsConfig, workshop } from '../helpers/batches.ts';

const DAY = Date.UTC(2024, 3, 1);
const at = (seconds: number): string => new Date(DAY + seconds * 1000).toISOString();

function open(
  overrides: Partial<Config['metrics']> = {},
  now = DAY + 86_400_000,
  sessions = false,
  live = false,
  wholeReports = false,
) {
  const shop = workshop({ sessions, sessionMaxAge: 600_000 });
  const ledger = new Ledger();
  const config = metricsConfig(overrides);
  const registry = new Registry({
    isRead: allAreRead,
    config,
    seed: 1,
    wants: shop.wants,
    kinds: shop.kinds,
    systems: shop.systems,
    onRefused: (metric, reason, again) => ledger.refuse(metric, reason, again),
  });
  const clock = { now };
  const aggregate = new Aggregate({
    registry,
    systems: shop.systems.map(({ open }) => open),
    ledger,
    reportInterval: config.reportInterval,
    sourceId: config.sourceId,
    report: config.report,
    vocabulary: new Vocabulary(shop.wants),
    metricsKind: shop.kinds.byName('event:metrics')!.id,
    live,
    wholeReports,
    now: () => clock.now,
  });
  return { ...shop, ledger, aggregate, clock };
}

const start = (seconds: number, user = 'ann') =>
  logRecord('Session Start', { client_user: user, session_id: `s${seconds}` }, { timestamp: at(seconds) });

const events = (flow: Flow): MetricEvent[] =>
  Array.from({ length: flow.batch.rows }, (_, row) => flow.batch.object(row) as unknown as MetricEvent);

/** `0-3` for rows, `report 60: metric=count …` for a report, in seconds of the day. */
function describe(flow: Flow, metric = 'mirrord_sessions_create_total'): string {
  if (!flow.report) return `${flow.from}-${flow.to}`;
  const counts = events(flow)
    .filter((event) => event.metric === metric)
    .map((event) => event.metrics.count);
  return `report ${(flow.batch.time[0]! - DAY) / 1000}: ${counts}`;
}

t.test('a report stands in the flow where it fell due; a record at the boundary belongs to it', (t) => {
  const { aggregate, batch, ledger } = open({ reportInterval: 60_000 });
  const flows = [
    ...aggregate.push(batch([start(10), start(50), start(60), start(61), start(70)])),
    ...aggregate.end(),
  ];
  t.same(
    flows.map((flow) => describe(flow)),
    ['0-3', 'report 60: 3', '3-5', 'report 70: 5'],
  );
  t.equal(ledger.reports, 2);
  t.equal(ledger.measured, 5);
  t.end();
});

t.test('the cut into batches changes nothing', (t) => {
  const records = [start(10), start(50), start(61), start(130), start(400), start(401)];
  const whole = open({ reportInterval: 60_000 });
  const pieces = open({ reportInterval: 60_000 });
  const reports = (flows: Flow[]) => flows.filter((flow) => flow.report).map((flow) => events(flow));
  const a = [...whole.aggregate.push(whole.batch(records)), ...whole.aggregate.end()];
  const b: Flow[] = [];
  for (const record of records) b.push(...pieces.aggregate.push(pieces.batch([record])));
  b.push(...pieces.aggregate.end());
  t.same(reports(a), reports(b));
  t.end();
});

t.test('a silent gap gives one report', (t) => {
  const { aggregate, batch } = open({ reportInterval: 60_000 });
  const flows = [...aggregate.push(batch([start(10), start(3000)])), ...aggregate.end()];
  t.same(
    flows.map((flow) => describe(flow)),
    ['0-1', 'report 60: 1', '1-2', 'report 3000: 2'],
  );
  t.end();
});

t.test('an archive without an interval gives one report, at its end', (t) => {
  const { aggregate, batch } = open();
  const flows = [...aggregate.push(batch([start(10), start(3000)])), ...aggregate.end()];
  t.same(
    flows.map((flow) => describe(flow)),
    ['0-2', 'report 3000: 2'],
  );
  t.end();
});

t.test('a live run without an interval reports every minute, on the wall clock when records pause', (t) => {
  const { aggregate, batch, clock } = open({}, DAY + 30_000);
  t.same(
    [...aggregate.push(batch([start(10)]))].map((flow) => describe(flow)),
    ['0-1'],
  );
  t.same([...aggregate.tick(DAY + 31_000)], []);
  clock.now = DAY + 60_500;
  t.same(
    [...aggregate.tick(clock.now)].map((flow) => describe(flow)),
    ['report 60: 1'],
  );
  clock.now = DAY + 180_200;
  t.same(
    [...aggregate.tick(clock.now)].map((flow) => describe(flow)),
    ['report 120: 1', 'report 180: 1'],
  );
  clock.now = DAY + 400_000;
  t.same([...aggregate.tick(clock.now)], [], 'two intervals without anything: it is live no more');
  t.end();
});

t.test('a dump that ends now gives one report; so does a file, even when it is read at its own pace', (t) => {
  const dump = Array.from({ length: 300 }, (_, k) => start(k * 10));
  const now = DAY + 2_990_000;
  const { aggregate, batch, clock } = open({}, now);
  const flows: Flow[] = [];
  for (let from = 0; from < dump.length; from += 50) {
    flows.push(...aggregate.push(batch(dump.slice(from, from + 50))));
    clock.now += 15;
  }
  flows.push(...aggregate.tick(clock.now));
  t.equal(aggregate.wasLive, false);
  flows.push(...aggregate.end());
  t.same(
    flows.filter(({ report }) => report).map((flow) => describe(flow)),
    ['report 2990: 300'],
  );

  const slow = open({}, DAY);
  const reports: Flow[] = [];
  for (const seconds of [0, 50, 100, 150]) {
    slow.clock.now = DAY + seconds * 1000;
    const one = slow.batch([start(seconds)]);
    one.input.pauses = false;
    reports.push(...slow.aggregate.push(one), ...slow.aggregate.tick(slow.clock.now + 500));
  }
  reports.push(...slow.aggregate.end());
  t.same(
    reports.filter(({ report }) => report).map((flow) => describe(flow)),
    ['report 150: 4'],
  );
  t.end();
});

t.test('what is said to be live is moved by the wall clock, also before and long after its records', (t) => {
  const { aggregate, batch, clock } = open({}, DAY + 30_000, false, true);
  t.same([...aggregate.tick(clock.now)], []);
  t.equal(aggregate.clock.time, clock.now);
  [...aggregate.push(batch([start(10)]))];
  for (const minute of [1, 2, 3]) {
    clock.now = DAY + minute * 60_000 + 100;
    t.same(
      [...aggregate.tick(clock.now)].map((flow) => describe(flow)),
      [`report ${minute * 60}: 1`],
    );
  }
  t.end();
});

t.test('records of old in a live run are a gap before now, which gives one report, not one a minute', (t) => {
  const { aggregate, batch, clock } = open({}, DAY + 365 * 86_400_000 + 30_000, false, true);
  [...aggregate.push(batch([start(10)]))];
  t.equal([...aggregate.tick(clock.now)].length, 1);
  clock.now += 60_000;
  t.equal([...aggregate.tick(clock.now)].length, 1, 'and from then on one a minute');
  t.end();
});

t.test('an archive is not moved by the wall clock', (t) => {
  const { aggregate, batch } = open({ reportInterval: 60_000 });
  [...aggregate.push(batch([start(10)]))];
  t.same([...aggregate.tick(DAY + 7_200_000)], []);
  t.equal(aggregate.clock.time, DAY + 10_000);
  t.end();
});

t.test('a late record counts; one far ahead of the wall clock counts, but moves no clock', (t) => {
  const { aggregate, batch, ledger } = open({ reportInterval: 60_000 }, DAY + 100_000);
  const flows = [
    ...aggregate.push(batch([start(50), start(10), start(9000), start(55)])),
    ...aggregate.end(),
  ];
  t.same(
    flows.map((flow) => describe(flow)),
    ['0-4', 'report 55: 4'],
  );
  t.equal(ledger.futureRecords, 1);
  t.end();
});

t.test('report: changed leaves out what nothing touched', (t) => {
  const { aggregate, batch } = open({ reportInterval: 60_000, report: 'changed' });
  const flows = [...aggregate.push(batch([start(10, 'ann'), start(70, 'bob')])), ...aggregate.end()];
  const users = flows
    .filter((flow) => flow.report)
    .map((flow) =>
      events(flow)
        .filter((event) => event.metric === 'mirrord_sessions_create_total')
        .map((event) => event.tags?.client_user),
    );
  t.same(users, [['ann'], ['bob']]);
  t.end();
});

t.test('a report is one flow for whoever has to see it whole', (t) => {
  const { aggregate, batch, ledger } = open({}, undefined, false, false, true);
  [...aggregate.push(batch(Array.from({ length: 1300 }, (_, k) => start(k, `user${k}`))))];
  const rows = [...aggregate.end()].map((flow) => flow.batch.rows);
  t.same(rows, [ledger.events.made]);
  t.ok(rows[0]! > 1300);
  t.end();
});

t.test('a report of many series flows as several batches', (t) => {
  const { aggregate, batch, ledger } = open();
  [...aggregate.push(batch(Array.from({ length: 1300 }, (_, k) => start(k, `user${k}`))))];
  const flows = [...aggregate.end()];
  t.ok(flows.length >= 3 && flows.every((flow) => flow.batch.rows <= 512));
  t.equal(
    flows.reduce((sum, flow) => sum + flow.batch.rows, 0),
    ledger.events.made,
  );
  t.equal(new Set(flows.map((flow) => flow.batch.time[0])).size, 1, 'all of one time');
  t.equal(ledger.reports, 1);
  t.end();
});

t.test('every flow but the last of a batch holds it once more', (t) => {
  const { aggregate, batch } = open({ reportInterval: 60_000 });
  const one = batch([start(10), start(61), start(130)]);
  let holders = 1;
  one.retain = () => {
    holders++;
  };
  const flows = [...aggregate.push(one)].filter((flow) => !flow.report);
  t.equal(flows.length, 3);
  t.equal(holders, 3);
  t.end();
});

t.test('sessions flow where they ended, and those that did not at the end', (t) => {
  const { aggregate, batch, ledger, kinds } = open({ reportInterval: 60_000 }, undefined, true);
  const end = (seconds: number, id: string) =>
    logRecord('Session End', { session_id: id, session_duration: 1 }, { timestamp: at(seconds) });
  const session = kinds.byName('session')!.id;
  const told = (flow: Flow): string =>
    flow.batch.kind[0] === session
      ? `sessions ${Array.from({ length: flow.batch.rows }, (_, row) => flow.batch.object(row).id)}`
      : describe(flow);
  const records = [
    start(10),
    end(20, 's10'),
    start(30),
    start(65),
    end(70, 's30'),
    end(71, 's65'),
    start(700),
  ];
  const flows = [...aggregate.push(batch(records)), ...aggregate.end()];
  t.same(flows.map(told), [
    '0-3',
    'sessions s10',
    'report 60: 2',
    '3-6',
    'sessions s30,s65',
    'report 120: 3',
    '6-7',
    'report 700: 4',
    'sessions s700',
  ]);
  const made = flows.filter((flow) => flow.report).reduce((sum, flow) => sum + flow.batch.rows, 0);
  t.equal(ledger.events.made, made, 'they count as events');
  t.equal(ledger.reports, 3, 'but make no report');
  t.end();
});

t.test('the gauge of open sessions forgets those that never end, at the time of the report', (t) => {
  const { aggregate, batch } = open({ reportInterval: 60_000 });
  const active = (flows: Iterable<Flow>): number[] =>
    [...flows].flatMap((flow) =>
      flow.report
        ? events(flow)
            .filter((event) => event.metric === 'mirrormon_sessions_active')
            .map((event) => event.metrics.value!)
        : [],
    );
  t.same(active(aggregate.push(batch([start(0), start(300), start(301)]))), [1, 2]);
  const other = logRecord('anything', {}, { timestamp: at(901) });
  t.same(active(aggregate.push(batch([other]))), [3], 'at 360 s none is 600 s old');
  t.same(active(aggregate.end()), [1], 'at 901 s all but the last one are');
  t.end();
});

t.test('how sessions flow does not depend on the cut into batches', (t) => {
  const records = Array.from({ length: 40 }, (_, k) =>
    k % 2 === 0
      ? start(k * 40, `user${k}`)
      : logRecord('Session End', { session_id: `s${(k - 1) * 40}` }, { timestamp: at(k * 40) }),
  ).filter((_, k) => k % 10 !== 5);
  const sessions = (cut: number): string => {
    const { aggregate, batch, kinds } = open({ reportInterval: 60_000 }, undefined, true);
    const flows: Flow[] = [];
    for (let k = 0; k < records.length; k += cut)
      flows.push(...aggregate.push(batch(records.slice(k, k + cut))));
    flows.push(...aggregate.end());
    const session = kinds.byName('session')!.id;
    return flows
      .filter((flow) => flow.batch.kind[0] === session)
      .flatMap((flow) =>
        Array.from({ length: flow.batch.rows }, (_, row) => JSON.stringify(flow.batch.object(row))),
      )
      .join('\n');
  };
  t.ok(sessions(1).includes('"ending":"given-up"'));
  for (const cut of [2, 7, 40]) t.ok(sessions(cut) === sessions(1), `${cut} records a batch`);
  t.end();
});
