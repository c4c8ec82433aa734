import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { MetricEvent } from '../../../../lib/events/metric-event.ts';
import type { Order, SeriesKey } from '../../../../lib/handlers/stdout/order.ts';
import type { TableLook } from '../../../../lib/handlers/stdout/table/index.ts';
import { TableWriter } from '../../../../lib/handlers/stdout/table/index.ts';
import { widthOf } from '../../../../lib/text/display.ts';
import { holds } from '../../../helpers/holds.ts';
import { fixture } from '../../../helpers/root.ts';
import { allOf, picksOf, recordsFlow, reportFlow } from '../../encode/support.ts';

const time = Date.UTC(2026, 10, 22, 1, 45);
const base = { namespace: 'metrics', source_id: 'mirrord-operator' } as const;
const meter = (metric: string, count: number, tags?: Record<string, string>): MetricEvent => ({
  ...base,
  metric_type: 'meter',
  metric,
  metrics: { count, m1_rate: count / 100 },
  tags,
});
const timer: MetricEvent = {
  ...base,
  metric_type: 'timer',
  metric: 'mirrord_sessions_duration',
  metrics: { count: 2, m1_rate: 0.0001, mean: 61.4, p50: 0.25, p95: 3700, p99: 90_000, max: 1e6, min: 0 },
  tags: { client_name: 'alice' },
};

function draw(events: readonly MetricEvent[], look: TableLook = { color: false }): string {
  const flow = reportFlow(events, time);
  return new TableWriter(look).render(flow, allOf(flow)).text;
}

t.test('a report: sorted by metric and labels, aligned, durations in units that fit', async (t) => {
  const events = [
    timer,
    meter('mirrord_sessions_create_total', 1234567, { client_name: 'bob' }),
    meter('mirrord_sessions_create_total', 5, { client_name: 'alice', empty: '' }),
    {
      ...base,
      metric_type: 'floatValue' as const,
      metric: 'mirrormon_active_sessions',
      metrics: { value: 2.5 },
    },
  ];
  t.equal(
    draw(events),
    [
      '2026-11-22 01:45:00 UTC  mirrord-operator',
      'METRIC                         TYPE        COUNT/VALUE   1M RATE   MEAN    P50    P95    P99     MAX',
      'mirrord_sessions_create_total  meter',
      '  client_name=alice                                  5    0.05/s',
      '  client_name=bob                            1,234,567  12,346/s',
      'mirrord_sessions_duration      timer',
      '  client_name=alice                                  2  <0.001/s  1m01s  250ms  1h02m  1d01h  11d14h',
      'mirrormon_active_sessions      floatValue          2.5',
      '',
    ].join('\n'),
  );
});

t.test('series with several labels are a table of their own, in natural order', async (t) => {
  const events = [
    meter('m', 3, { host: 'mac-10', user: '田中' }),
    meter('m', 1, { host: 'mac-9', user: 'ada' }),
    meter('m', 2, { host: 'mac-9' }),
  ];
  t.equal(
    draw(events).split('\n').slice(1).join('\n'),
    [
      'METRIC          TYPE   COUNT  1M RATE',
      'm               meter',
      '  host    user',
      '  mac-9                    2   0.02/s',
      '  mac-9   ada              1   0.01/s',
      '  mac-10  田中             3   0.03/s',
      '',
    ].join('\n'),
  );
});

t.test('where there is little room, endings that all share go first', async (t) => {
  const series = (name: string) =>
    meter('m', 1, { host: `${name}.local`, user: `${name}-of-the-office@corp.example` });
  const lines = draw([series('ada'), series('bob')], { columns: 52, color: false }).split('\n');
  t.match(lines[4], /^ {2}ada… {2}ada… {2}/);
  t.match(lines[5], /^ {2}bob… {2}bob… {2}/);
  t.match(
    draw([series('ada'), series('bob')], { color: false }),
    'ada.local  ada-of-the-office@corp.example',
  );
});

t.test('a meter that counts ones says nothing of their size', async (t) => {
  const ones = {
    ...meter('a', 9),
    metrics: { count: 9, m1_rate: 1, min: 1, max: 1, mean: 1, p50: 1, p95: 1, p99: 1 },
  };
  t.notMatch(draw([ones]), /MEAN|P50|MAX/);
  t.match(draw([{ ...ones, metrics: { ...ones.metrics, max: 7 } }]), /MEAN +P50 +P95 +P99 +MAX/);
});

t.test('each report is a block under its time, a report in parts has one heading', async (t) => {
  const writer = new TableWriter({ color: false });
  const first = reportFlow([meter('a', 1)], time);
  const second = reportFlow([meter('a', 2)], time + 60_000);
  const text = [first, first, second].map((flow) => writer.render(flow, allOf(flow)).text).join('');
  t.strictSame(
    text.split('\n').filter((line) => line === '' || line.includes('UTC')),
    ['2026-11-22 01:45:00 UTC  mirrord-operator', '', '2026-11-22 01:46:00 UTC  mirrord-operator', ''],
  );
});

t.test('only what was asked for is shown, beyond the usual columns too', async (t) => {
  const flow = reportFlow([timer], time);
  const text = new TableWriter({ color: false }).render(flow, picksOf([0], ['p95', 'min'])).text;
  t.match(text, /TYPE +P95 +MIN\n/);
  t.notMatch(text, /COUNT|P50/);
});

t.test(
  'events of OpenZiti: durations are nanoseconds there, entities are labels, a block for each source',
  async (t) => {
    const lines = readFileSync(fixture('ziti', 'events-v3.ndjson'), 'utf8').trimEnd().split('\n');
    const flow = recordsFlow(lines);
    const text = new TableWriter({ color: false }).render(flow, allOf(flow)).text;
    const names = lines.map((line) => JSON.parse(line).metric as string);
    for (const name of names) t.match(text, `\n${name} `);
    t.match(text, /^2026-11-22 01:4\d:\d\d\.\d{3} UTC {2}ctrl1\n/);
    t.match(text, /\n {2}entity=\S+ sourceRouterId=\S+ targetRouterId=\S+ /);
    const one = JSON.parse(lines.find((line) => line.includes('"timer"') && !line.includes('"max":0'))!);
    const timed = recordsFlow([JSON.stringify({ ...one, metrics: { max: 1_500_000 } })]);
    t.match(new TableWriter({ color: false }).render(timed, allOf(timed)).text, /1\.5ms\n$/);
  },
);

t.test('other records stand as lines between the blocks', async (t) => {
  const flow = recordsFlow(['{"message":"Session Start\u009b2J"}', '\x1b[31mtext']);
  t.equal(
    new TableWriter({ color: false }).render(flow, allOf(flow)).text,
    '{"message":"Session Start\\x9b2J"}\n\\x1b[31mtext\n',
  );
});

t.test('no text can speak to the terminal', async (t) => {
  const text = draw([meter('a\x1b[2J', 1, { 'k\r': '\x1b]0;title\x07\u202egpj.exe\u2028\n' })]);
  t.match(text, 'a\\x1b[2J');
  t.match(text, 'k\\x0d=\\x1b]0;title\\x07\\u202egpj.exe\\u2028\\x0a');
  t.notMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]/);
});

t.test(
  'property: lines are as wide as the terminal at most, and labels stay told apart at both ends',
  async (t) => {
    const tag = fc.dictionary(
      fc.stringMatching(/^[a-z_]{1,12}$/),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      { maxKeys: 5 },
    );
    holds(
      t,
      fc.property(
        fc.array(tag, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 30, max: 160 }),
        (tags, columns) => {
          const events = [
            timer,
            ...tags.map((each, index) => meter(`metric_with_a_long_name_${index % 2}`, index, each)),
          ];
          for (const line of draw(events, { columns, color: false }).split('\n').slice(1)) {
            assert.ok(widthOf(line) <= columns, `${widthOf(line)} of ${columns}: ${line}`);
          }
        },
      ),
      { numRuns: 60 },
    );
    const pod = (end: string) => meter('m', 1, { pod: `payments-api-7c9d8f6b54-${end}` });
    const text = draw([pod('x2x4q'), pod('zk7pw'), timer], { columns: 44, color: false });
    t.match(text, /pod=paym\S*…\S*x4q /);
    t.match(text, /pod=paym\S*…\S*7pw /);
  },
);

t.test('colour only when asked for, and it changes no letter', async (t) => {
  const events = [timer, meter('a', 1, { k: 'v', 'l=': 'w x=y' })];
  const colored = draw(events, { color: true });
  t.match(colored, /\x1b\[1m/);
  t.equal(colored.replaceAll(/\x1b\[\d+m/g, '').replaceAll(/ +\n/g, '\n'), draw(events));
});

t.test('a hundred thousand series are drawn in one go', async (t) => {
  const events = Array.from({ length: 100_000 }, (_, index) => meter('m', index, { id: String(index) }));
  t.equal(draw(events, { columns: 80, color: false }).split('\n').length, 100_004);
});

const operator = (user: string): MetricEvent =>
  meter('mirrord_sessions_create_total', 1, {
    client_hostname: `host-${user}`,
    client_name: `User ${user}`,
    client_user: `u${user}@corp`,
    user_id: `c${user}`,
  });

t.test('in 80 columns, what fits is whole: columns of figures go before values are cut', async (t) => {
  const text = draw([...['1', '2', '3'].map(operator), timer], { columns: 80, color: false });
  t.match(text, '  client_hostname  client_name  client_user  user_id\n');
  for (const user of ['1', '2', '3'])
    t.match(text, `  host-${user}           User ${user}       u${user}@corp      c${user} `);
  t.notMatch(text, 'TYPE');
});

t.test(
  'labels that say nothing go first, then those that tell nothing apart, and the titles say how many',
  async (t) => {
    const series = (k: number) =>
      meter('m', k, {
        cluster: 'production-of-the-office',
        host: `host-number-${k}`,
        user_id: `${k}`.repeat(30),
      });
    const lines = (columns: number) => draw([series(1), series(2)], { columns, color: false }).split('\n');
    t.match(lines(200)[3], /^ {2}cluster +host +user_id$/);
    t.match(lines(80)[3], /^ {2}host +user_id +\+1$/);
    t.match(lines(41)[3], /^ {2}host +\+2$/);
    t.match(lines(41)[4], /^ {2}host-number-1 /);
    t.match(lines(41)[5], /^ {2}host-number-2 /);
  },
);

t.test(
  'what is cut still differs: metrics, titles and values that differ in their middle alone',
  async (t) => {
    const name = (k: number) => `requests_of_all_the_services_${k}_that_there_are_in_total`;
    const events = [1, 2, 3].map((k) => meter(name(k), k));
    const pods = ['a', 'b'].map((k) => meter('x', 1, { pod: `payments-api-${k}-of-the-whole-cluster` }));
    const lines = draw([...events, ...pods], { columns: 40, color: false })
      .trimEnd()
      .split('\n')
      .slice(2);
    t.equal(new Set(lines.map((line) => line.split(' ').filter(Boolean)[0])).size, lines.length);
  },
);

t.test('a narrow terminal that is made wide, and wide one made narrow, between two reports', async (t) => {
  const look = { columns: 120, color: false };
  const writer = new TableWriter(look);
  const widest = (at: number): number => {
    const flow = reportFlow([operator('1'), operator('2'), timer], at);
    return Math.max(...writer.render(flow, allOf(flow)).text.split('\n').map(widthOf));
  };
  t.ok(widest(time) > 60);
  look.columns = 60;
  t.ok(widest(time + 1000) <= 60);
  look.columns = 120;
  t.ok(widest(time + 2000) > 60);
});

t.test('a block that goes on in the next flow is drawn once, at its end', async (t) => {
  const writer = new TableWriter({ color: false });
  const flows = [meter('a', 1), meter('b', 2), meter('a', 3, { k: 'v' })].map((event) =>
    reportFlow([event], time),
  );
  t.equal(flows.map((flow) => writer.render(flow, allOf(flow), undefined, true).text).join(''), '');
  const text = writer.end();
  t.equal(text.match(/METRIC/g)?.length, 1);
  t.equal(text.match(/^a /gm)?.length, 1);
  t.equal(writer.end(), '');
  const next = reportFlow([meter('a', 1)], time + 1000);
  writer.render(flows[0]!, allOf(flows[0]!), undefined, true);
  t.match(
    writer.render(next, allOf(next), undefined, true).text,
    /^a +meter +1/m,
    'another time is another block',
  );
});

t.test('--top and --sort: the greatest series of each metric, and how many more there are', async (t) => {
  const flow = reportFlow(
    [...[5, 40, 7, 1].map((count) => meter('m', count, { k: `k${count}` })), timer],
    time,
  );
  const told = (order: Order<SeriesKey>): string[] => {
    const { text } = new TableWriter({ color: false }, order).render(flow, allOf(flow));
    return text.split('\n').flatMap(
      (line) =>
        line
          .match(/^ {2}k=(k\d+)|^ {2}… (and .*)/)
          ?.slice(1)
          .filter(Boolean) ?? [],
    );
  };
  t.strictSame(told({ top: 2 }), ['k40', 'k7', 'and 2 more series']);
  t.strictSame(told({ sort: 'rate' }), ['k40', 'k7', 'k5', 'k1']);
  t.strictSame(told({ sort: 'key', top: 3 }), ['k1', 'k5', 'k7', 'and 1 more series']);
  t.strictSame(told({ sort: 'p95' }), ['k1', 'k5', 'k7', 'k40'], 'without that figure, by labels');
});

t.test('a label that differs only among series that are not told is not left out', async (t) => {
  const series = (count: number, port: string) => meter('m', count, { port, user: `user${count}` });
  const flow = reportFlow([series(9, '8080'), series(8, '8080'), series(1, '80'), timer], time);
  const text = new TableWriter({ columns: 44, color: false }, { top: 2 }).render(flow, allOf(flow)).text;
  t.match(text, /^ {2}port +user$/m);
});

t.test('the heading of a narrow table is two lines', async (t) => {
  const heading = (columns: number) => draw([timer], { columns, color: false }).split('\n').slice(0, 2);
  t.same(heading(40), ['2026-11-22 01:45:00 UTC', 'mirrord-operator']);
  t.equal(heading(41)[0], '2026-11-22 01:45:00 UTC  mirrord-operator');
});
