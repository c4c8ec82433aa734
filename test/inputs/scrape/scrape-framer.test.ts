import t from 'tap';
import type { Frames } from '../../../lib/batch/framer.ts';
import type { ExpositionFormat } from '../../../lib/inputs/scrape/families.ts';
import { type CounterRates, Counters } from '../../../lib/inputs/scrape/rates.ts';
import { ScrapeFramer } from '../../../lib/inputs/scrape/scrape-framer.ts';

interface Event {
  readonly metric_type: string;
  readonly metric: string;
  readonly metrics: Record<string, number>;
  readonly tags?: Record<string, string>;
  readonly timestamp: unknown;
}

/** Scrapes of one endpoint, one after the other. */
function endpoint(format: ExpositionFormat = 'text', maxRecordBytes = 1000) {
  const counters = new Counters();
  return (text: string | Uint8Array, seconds: number) => {
    const scrape = { sourceId: 'opé:9000', eventId: 'id', time: seconds * 1000, counters };
    const framer = new ScrapeFramer({ scrape, format, maxRecordBytes });
    const bytes = Buffer.from(text);
    const frames: Frames[] = [];
    // cut in two: the framer must put it together
    for (const half of [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)]) {
      frames.push(...framer.push(half));
    }
    frames.push(...framer.end());
    const texts = frames.flatMap((frame) =>
      Array.from(frame.offset, (start, k) =>
        Buffer.from(frame.bytes).toString('utf8', start, start + frame.length[k]!),
      ),
    );
    const events: Event[] = texts.map((one) => JSON.parse(one));
    const rejected = frames.flatMap((frame) => frame.rejected);
    return { texts, events, rejected, frames };
  };
}

t.test('a counter is a meter, with rates once it was seen before', (t) => {
  const scrape = endpoint();
  const text = (value: number) =>
    `# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total{user="Åsa \\"x\\""} ${value}\n`;
  t.same(scrape(text(100), 1_700_000_000).texts, [
    '{"metric_type":"meter","namespace":"metrics","source_id":"opé:9000","version":2,' +
      '"timestamp":{"seconds":1700000000,"nanos":0},"metric":"hits_total","metrics":{"count":100},' +
      '"tags":{"user":"Åsa \\"x\\""},"source_event_id":"id"}',
  ]);
  const [second] = scrape(text(400), 1_700_000_060).events;
  t.same(second!.metrics, { count: 400, m15_rate: 5, m1_rate: 5, m5_rate: 5, mean_rate: 5 });
  t.same(Object.keys(second!.metrics), ['count', 'm15_rate', 'm1_rate', 'm5_rate', 'mean_rate'], 'sorted');
  const [anew] = scrape(text(60), 1_700_000_120).events;
  t.equal(anew!.metrics.count, 60);
  t.equal(anew!.metrics.mean_rate, 3, 'a reset is no fall');
  t.ok(Object.values(anew!.metrics).every((value) => value > 0));
  t.end();
});

t.test('gauges, untyped and unknown samples keep their digits', (t) => {
  const { events, texts } = endpoint()(
    '# TYPE up gauge\nup 1\nbare{a="b"} -2.50\nbig 9007199254740993 1712000000123\n# TYPE h histogram\nh 3\n',
    1,
  );
  t.same(
    events.map(({ metric_type, metric, metrics }) => [metric_type, metric, metrics]),
    [
      ['floatValue', 'up', { value: 1 }],
      ['floatValue', 'bare', { value: -2.5 }],
      ['floatValue', 'big', { value: 9007199254740992 }],
      ['floatValue', 'h', { value: 3 }],
    ],
  );
  t.match(texts[1], '"value":-2.50}');
  t.match(texts[2], '"value":9007199254740993}');
  t.same(events[2]!.timestamp, { seconds: 1_712_000_000, nanos: 123_000_000 }, "the sample's own time");
  t.end();
});

t.test('a histogram is one event: count, mean, and percentiles as its buckets let estimate', (t) => {
  const lines = ['d_bucket{u="a",le="1"} 10', 'd_bucket{le="2",u="a"} 30', 'd_bucket{u="a",le="+Inf"} 40'];
  const text = `# TYPE d histogram\n${lines.join('\n')}\nd_sum{u="a"} 60\nd_count{u="a"} 40\n`;
  const { events } = endpoint()(`${text}d_bucket{le="+Inf",u="b"} 0\nd_sum{u="b"} 0\nd_count{u="b"} 0\n`, 1);
  t.same(events[0], {
    ...events[0],
    metric_type: 'histogram',
    metric: 'd',
    tags: { u: 'a' },
    metrics: { count: 40, mean: 1.5, p50: 1.5, p75: 2, p95: 2, p99: 2, p999: 2, p9999: 2 },
  });
  t.same([events[1]!.tags, events[1]!.metrics], [{ u: 'b' }, { count: 0 }], 'nothing observed');
  t.equal(events.length, 2);
  t.end();
});

t.test('a summary tells its quantiles itself; NaN ones are of nothing', (t) => {
  const { events, rejected } = endpoint()(
    '# TYPE g summary\ng{quantile="0"} 1\ng{quantile="0.5"} 2\ng{quantile="0.9"} NaN\ng{quantile="1"} 9\ng_sum 30\ng_count 10\n' +
      '# TYPE idle summary\nidle{quantile="0.5"} NaN\n',
    1,
  );
  t.same(
    events.map(({ metrics }) => metrics),
    [{ count: 10, mean: 3, min: 1, p50: 2, max: 9 }],
  );
  t.same(rejected, []);
  t.end();
});

t.test('OpenMetrics: counters by their family, seconds, created times passed over', (t) => {
  const { events, rejected } = endpoint('openmetrics')(
    '# TYPE hits counter\n# UNIT hits hits\nhits_total{a="b"} 5 1712000000 # {trace_id="1"} 1 2\nhits_created{a="b"} 1711999999\n' +
      '# TYPE x unknown\nx_count 4\n# TYPE build info\nbuild_info{v="1"} 1\n# EOF\n',
    1,
  );
  t.same(
    events.map(({ metric_type, metric, metrics }) => [metric_type, metric, metrics]),
    [
      ['meter', 'hits_total', { count: 5 }],
      ['floatValue', 'x_count', { value: 4 }],
      ['floatValue', 'build_info', { value: 1 }],
    ],
  );
  t.same(events[0]!.timestamp, { seconds: 1_712_000_000, nanos: 0 });
  t.same(rejected, []);
  t.end();
});

t.test('a name that has a TYPE is no part of another metric', (t) => {
  const { events } = endpoint()('# TYPE a histogram\n# TYPE a_count counter\na_count 3\n', 1);
  t.match(events, [{ metric_type: 'meter', metric: 'a_count', metrics: { count: 3 } }]);
  t.equal(events.length, 1);
  t.end();
});

t.test('lines that are no samples are rejected with their place', (t) => {
  const good = 'a 1\n';
  const text = Buffer.concat([
    Buffer.from(`${good}no sample here\nb NaN\nc{le="1" 2\n`),
    Buffer.from([0x64, 0x7b, 0x78, 0x3d, 0x22, 0xff, 0x22, 0x7d, 0x20, 0x31, 0x0a]),
    Buffer.from(`${'e'.repeat(2000)} 1\nf 2\r\n`),
  ]);
  const { events, rejected, frames } = endpoint()(text, 1);
  t.same(
    events.map(({ metric }) => metric),
    ['a', 'f'],
  );
  t.same(
    rejected.map(({ offset, length, reason }) => [offset, length, reason]),
    [
      [4, 14, 'bad-framing'],
      [19, 5, 'bad-framing'],
      [25, 10, 'bad-framing'],
      [36, 10, 'invalid-utf8'],
      [47, 2002, 'too-long'],
    ],
  );
  t.equal(
    frames.reduce((sum, { consumed }) => sum + consumed, 0),
    text.length,
  );
  t.end();
});

t.test('hostile names, many series, and nothing at all', (t) => {
  const hostile = endpoint()('g{__proto__="x"} 1\n', 1);
  t.same(Object.getOwnPropertyNames(hostile.events[0]!.tags), ['__proto__']);
  const many = endpoint()(Array.from({ length: 10_000 }, (_, k) => `m{k="${k}"} ${k}\n`).join(''), 1);
  t.equal(many.events.length, 10_000);
  t.ok(many.frames.length > 1 && many.frames.every(({ count }) => count <= 4096));
  t.same(endpoint()('', 1).frames, []);
  t.equal(endpoint()('\n# EOF\n', 1).frames[0]!.consumed, 7);
  t.end();
});

/** A framer that has been given an exposition in one chunk, as a scrape comes, and what it asks of the counters. */
function given(body: Uint8Array) {
  const looked: string[] = [];
  const counters = new (class extends Counters {
    override look(...of: Parameters<Counters['look']>): CounterRates {
      looked.push(of[0]);
      return super.look(...of);
    }
  })();
  const scrape = { sourceId: 'op:9000', eventId: 'id', time: 1000, counters };
  const framer = new ScrapeFramer({ scrape, format: 'text', maxRecordBytes: 1 << 20 });
  for (const _ of framer.push(body));
  return { frames: framer.end()[Symbol.iterator](), looked };
}

const hits = (count: number, label = ''): string =>
  `# TYPE hits counter\n${Array.from({ length: count }, (_, k) => `hits{k="${label}${k}"} 1\n`).join('')}`;

t.test('a large exposition is read a few lines at a time', (t) => {
  const body = Buffer.from(`no sample here\n${hits(5000)}`);
  const { frames } = given(body);
  const first = frames.next().value as Frames;
  t.equal(first.count, 0);
  t.ok(first.consumed > 0 && first.consumed < body.length / 4);
  t.same(
    first.rejected.map(({ offset, length }) => [offset, length]),
    [[0, 14]],
    'what is rejected is told at once',
  );
  // were the rest read already, it would still become events
  body.fill('\n', first.consumed);
  let consumed = first.consumed;
  let count = 0;
  for (const frame of { [Symbol.iterator]: () => frames }) {
    consumed += frame.consumed;
    count += frame.count;
    t.same(frame.rejected, []);
  }
  t.equal(consumed, body.length);
  t.ok(count > 0 && count < 5000 / 4);
  t.end();
});

t.test('its events are written a few at a time, once all of it is read', (t) => {
  const body = Buffer.from(hits(5000));
  const { frames, looked } = given(body);
  let consumed = 0;
  let events = 0;
  for (const { count, consumed: read } of { [Symbol.iterator]: () => frames }) {
    consumed += read;
    if (count === 0) t.equal(looked.length, 0, 'nothing is written before all is read');
    else t.equal(consumed, body.length);
    events += count;
    t.equal(looked.length, events, 'nothing is written before it is asked for');
    t.ok(count < 5000 / 4);
  }
  t.equal(events, 5000);
  t.end();
});

t.test('long lines are fewer at a time', (t) => {
  const { frames } = given(Buffer.from(hits(64, 'x'.repeat(50_000))));
  const runs = [...{ [Symbol.iterator]: () => frames }];
  t.ok(
    runs.every(({ bytes, consumed }) => bytes.length < 400_000 && consumed < 400_000),
    'of 3.2 MB',
  );
  t.equal(
    runs.reduce((sum, { count }) => sum + count, 0),
    64,
  );
  t.end();
});

t.test('series that have nothing to say are passed over a few at a time', (t) => {
  const idle = Array.from({ length: 3000 }, (_, k) => `idle{k="${k}",quantile="0.5"} NaN\n`);
  const { frames } = given(Buffer.from(`# TYPE idle summary\n${idle.join('')}`));
  const runs = [...{ [Symbol.iterator]: () => frames }];
  t.ok(
    runs.every(({ count }) => count === 0),
    'no event',
  );
  const reading = runs.filter(({ consumed }) => consumed > 0).length;
  t.ok(runs.length > reading + 1, 'and runs that only pass over them');
  t.end();
});

t.test('names in quotes, as Prometheus 3 writes them, and exemplars', (t) => {
  const lines = [
    '# TYPE "my.requests" counter',
    '{"my.requests","http.status"="200",path="/a}b"} 3 # {trace_id="4bf9"} 0.5 1712000000.1',
    '{"my.requests"} 4',
    '# TYPE "my.seconds" histogram',
    '{"my.seconds_bucket",le="1"} 5 # {trace_id="4bf9"} 0.2',
    '{"my.seconds_bucket",le="+Inf"} 10',
    '{"my.seconds_count"} 10',
    'plain{"dotted.label"="x"} 1',
    String.raw`{"say \"ä\"\\"} 2`,
  ];
  const { events, rejected } = endpoint('openmetrics')(`${lines.join('\n')}\n`, 1);
  t.same(rejected, []);
  t.same(
    events.map(({ metric, metric_type, tags }) => [metric, metric_type, tags]),
    [
      ['my.requests', 'meter', { 'http.status': '200', path: '/a}b' }],
      ['my.requests', 'meter', undefined],
      ['my.seconds', 'histogram', undefined],
      ['plain', 'floatValue', { 'dotted.label': 'x' }],
      ['say "ä"\\', 'floatValue', undefined],
    ],
  );
  const odd = ['{"a" "b"} 1', '{""} 1', '{a="b"} 1', '{"a", "b"} 1'];
  t.equal(endpoint()(`${odd.join('\n')}\n`, 1).rejected.length, odd.length);
  t.end();
});

t.test("a controller's percentiles, which it writes as buckets, are its quantiles", (t) => {
  const lines = ['0.50', '0.75', '0.95', '0.99', '0.999', '0.9999'].map(
    (quantile, k) => `ziti_link_latency_bucket{source_id="r1",le="${quantile}"} ${1000 + k}`,
  );
  const text = `# TYPE ziti_link_latency histogram\n${lines.join('\n')}\nziti_link_latency_count{source_id="r1"} 7\n`;
  const { events, rejected } = endpoint()(text, 1);
  t.same(rejected, []);
  t.same(events[0]!.metrics, {
    count: 7,
    p50: 1000,
    p75: 1001,
    p95: 1002,
    p99: 1003,
    p999: 1004,
    p9999: 1005,
  });
  const real = '# TYPE h histogram\nh_bucket{le="0.5"} 1\nh_bucket{le="+Inf"} 2\n';
  t.ok(endpoint()(real, 1).events[0]!.metrics.p50! <= 0.5, 'buckets with an end are buckets');
  t.end();
});
