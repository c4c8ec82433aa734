import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { EventEncoder, type EventVersion } from '../../lib/events/encode-event.ts';
import type { MetricEvent } from '../../lib/events/metric-event.ts';
import { quote } from '../../lib/events/sorted-members.ts';
import { holds } from '../helpers/holds.ts';
import { fixture } from '../helpers/root.ts';

const encodeEvent = (
  event: MetricEvent,
  time: number,
  version: EventVersion,
  id: string,
  keys?: readonly string[],
) => new EventEncoder(version).text(event, time, id, keys);

const gauge: MetricEvent = {
  metric_type: 'intValue',
  namespace: 'metrics',
  source_id: 'ctrl_client',
  metric: 'pool.listener.mgmt.worker_count',
  metrics: { value: 1 },
};
const time = 1654625684479.708;
const id = 'acb85925-0e17-4ca0-90cb-9a2498b33bc8';

t.test('version 2 is laid out as documented', async (t) => {
  t.equal(
    encodeEvent(gauge, time, 2, id),
    '{"metric_type":"intValue","namespace":"metrics","source_id":"ctrl_client","version":2,' +
      '"timestamp":{"seconds":1654625684,"nanos":479708000},"metric":"pool.listener.mgmt.worker_count",' +
      `"metrics":{"value":1},"source_event_id":"${id}"}`,
  );
});

t.test('version 3 is laid out as controllers write it', async (t) => {
  const event = { ...gauge, source_entity_id: 'xpw7BEDAk', tags: { b: '2', a: '1' } };
  t.equal(
    encodeEvent(event, time, 3, id),
    '{"namespace":"metrics","event_src_id":"ctrl_client","timestamp":"2022-06-07T18:14:44.479708Z",' +
      '"metric_type":"intValue","source_id":"ctrl_client","source_entity_id":"xpw7BEDAk","version":3,' +
      '"metric":"pool.listener.mgmt.worker_count","metrics":{"value":1},"tags":{"a":"1","b":"2"},' +
      `"source_event_id":"${id}"}`,
  );
});

t.test('events of a real controller, made again from their values, are the same to the byte', async (t) => {
  for (const version of [2, 3] as const) {
    for (const line of linesOf(`events-v${version}.ndjson`)) {
      const read = JSON.parse(line);
      const written = encodeEvent(read, 0, version, read.source_event_id);
      t.equal(withoutTime(written, version), withoutTime(line, version));
    }
  }

  /** Made events know milliseconds, and are their own source of events. */
  function withoutTime(line: string, version: 2 | 3): string {
    const stamp = version === 2 ? /"timestamp":\{[^}]*\}/ : /"timestamp":"[^"]*"/;
    return line.replace(stamp, '').replace(/"event_src_id":"[^"]*",/, '');
  }
});

t.test('keys are ascending, and only the selected ones are written', async (t) => {
  const event = { ...gauge, metrics: { p999: 3, count: 1, p99: 2.5, p9999: 4, mean: 1e21 } };
  t.match(encodeEvent(event, time, 2, id), '"metrics":{"count":1,"mean":1e+21,"p99":2.5,"p999":3,"p9999":4}');
  t.match(encodeEvent(event, time, 2, id, ['p99', 'count']), '"metrics":{"count":1,"p99":2.5}');
});

t.test('what is not a number is never written as one', async (t) => {
  const event = { ...gauge, metrics: { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 1.5e-7, d: -0 } };
  t.match(encodeEvent(event, time, 2, id), '"metrics":{"c":1.5e-7,"d":0}');
});

t.test('times: whole seconds, zeros cut, before the epoch, and what rounds up to a second', async (t) => {
  const stamp = (ms: number, version: 2 | 3) =>
    JSON.stringify(JSON.parse(encodeEvent(gauge, ms, version, id)).timestamp);
  t.equal(stamp(60_000, 3), '"1970-01-01T00:01:00Z"');
  t.equal(stamp(60_000, 2), '{"seconds":60,"nanos":0}');
  t.equal(stamp(1_500, 3), '"1970-01-01T00:00:01.5Z"');
  t.equal(stamp(1_000.001, 3), '"1970-01-01T00:00:01.000001Z"');
  t.equal(stamp(-1, 3), '"1969-12-31T23:59:59.999Z"');
  t.equal(stamp(1_999.9999, 2), '{"seconds":2,"nanos":0}');
});

t.test('microseconds of today survive the way through milliseconds', async () => {
  const micros = fc.integer({ min: 0, max: 999_999 });
  holds(
    t,
    fc.property(fc.integer({ min: 1e9, max: 4e9 }), micros, (seconds, fraction) => {
      const ms = seconds * 1000 + fraction / 1000;
      const { timestamp } = JSON.parse(encodeEvent(gauge, ms, 2, id));
      return timestamp.seconds === seconds && timestamp.nanos === fraction * 1000;
    }),
  );
});

t.test('texts are escaped as Go does it, and read back as they were', async (t) => {
  t.equal(quote('a&b<c>"é\u2028\u2029\x1b'), '"a\\u0026b\\u003cc\\u003e\\"é\\u2028\\u2029\\u001b"');
  holds(
    t,
    fc.property(fc.string({ unit: 'binary' }), (text) => JSON.parse(quote(text)) === text),
  );
});

t.test('hostile keys are data', async (t) => {
  const tags = JSON.parse('{"__proto__":"x","constructor":"y"}');
  const written = encodeEvent({ ...gauge, tags }, time, 2, id);
  t.match(written, '"tags":{"__proto__":"x","constructor":"y"}');
});

function linesOf(name: string): string[] {
  return readFileSync(fixture('ziti', name), 'utf8').trimEnd().split('\n');
}

t.test('property: a quoted text is what Go would write, and reads as the text', async (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '&', '<', '\u2028', '\ud800', '"', '\\') }),
  );
  holds(
    t,
    fc.property(text, (some) => {
      const quoted = quote(some);
      return !/[&<>\u2028\u2029]/.test(quoted) && JSON.parse(quoted) === some;
    }),
  );
});

t.test('what events share is remembered, and anything that differs is seen', async (t) => {
  const base: MetricEvent = { ...gauge, tags: { a: '1' } };
  const others: [MetricEvent, number, string][] = [
    [base, time, id],
    [{ ...base, metrics: { value: 2 }, tags: { a: '2', b: '"' } }, time, id],
    [{ ...base, tags: undefined }, time, id],
    [base, time + 1, id],
    [base, time, 'other'],
    [{ ...base, metric: 'm' }, time, id],
    [{ ...base, metric_type: 'meter' }, time, id],
    [{ ...base, source_id: 's' }, time, id],
    [{ ...base, source_entity_id: 'e' }, time, id],
    [{ ...base, interval_start: '2024-04-01T00:00:00Z', interval_end: '2024-04-01T00:01:00Z' }, time, id],
  ];
  for (const version of [2, 3] as const) {
    const encoder = new EventEncoder(version);
    for (const [event, at, of] of [...others, ...others.slice().reverse()]) {
      t.equal(encoder.text(event, at, of), encodeEvent(event, at, version, of));
    }
    t.equal(
      new Set(others.map((each) => encodeEvent(each[0], each[1], version, each[2]))).size,
      others.length,
    );
  }
});
