import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { MetricEvent } from '../../../lib/events/metric-event.ts';
import { encodePicks } from '../../../lib/handlers/encode/index.ts';
import { holds } from '../../helpers/holds.ts';
import { allOf, handlerConfig, picksOf, recordsFlow, reportFlow, testContext } from './support.ts';

const config = handlerConfig({ name: 'out' });
const context = testContext();

t.test('records that came in leave as the same bytes, one a line', async (t) => {
  const records = ['{"a":1}', '{ "b" : 9007199254740993 }', '{"c":"é\u2028"}'];
  const flow = recordsFlow(records);
  const { bytes, ends } = encodePicks(flow, allOf(flow), config, context);
  t.equal(bytes.toString(), `${records.join('\n')}\n`);
  t.strictSame([...ends], [8, 35, 49]);
});

t.test('any selection of rows, in any order and repeated, is its records', async (t) => {
  const records = Array.from({ length: 9 }, (_, row) => JSON.stringify({ row, pad: 'x'.repeat(row) }));
  const rows = fc.array(fc.nat({ max: 8 }), { maxLength: 30 });
  holds(
    t,
    fc.property(rows, fc.constantFrom('\n', '\r\n', '\n\n', ' ', ''), (selected, separator) => {
      const flow = recordsFlow(records, 'ndjson', separator);
      const { bytes, ends } = encodePicks(flow, picksOf(selected), config, context);
      assert.strictEqual(bytes.toString(), selected.map((row) => `${records[row]}\n`).join(''));
      assert.deepStrictEqual(
        [...ends],
        [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1),
      );
    }),
    { numRuns: 100 },
  );
});

t.test('the lines outlive the batch', async (t) => {
  const flow = recordsFlow(['{"a":1}', '{"a":2}']);
  const { bytes } = encodePicks(flow, allOf(flow), config, context);
  flow.batch.bytes.fill(0);
  t.equal(bytes.toString(), '{"a":1}\n{"a":2}\n');
});

t.test('a record over several lines is written on one, a text record as it is', async (t) => {
  const pretty = recordsFlow(['{\n  "a": "b  c",\n  "d": 1.50\n}', '{ "e": 1 }'], 'json');
  t.equal(
    encodePicks(pretty, allOf(pretty), config, context).bytes.toString(),
    '{"a":"b  c","d":1.50}\n{ "e": 1 }\n',
  );
  const carriage = recordsFlow(['{"a":\r1}', '{ "b": 1 }\r']);
  t.equal(encodePicks(carriage, allOf(carriage), config, context).bytes.toString(), '{"a":1}\n{ "b": 1 }\n');
  const text = recordsFlow(['2024-04-01T13:37:00Z  INFO m: two\nlines'], 'tracing');
  const lines = encodePicks(text, allOf(text), config, context);
  t.equal(lines.bytes.toString(), '2024-04-01T13:37:00Z  INFO m: two\nlines\n');
  t.strictSame([...lines.ends], [lines.bytes.length]);
});

t.test('events that came in: keys are cut, a version lays them out anew, other records stay', async (t) => {
  const event =
    '{"metric_type":"meter","namespace":"metrics","source_id":"r1","version":2,"timestamp":{"seconds":5,"nanos":0},' +
    '"metric":"m","metrics":{"count":3,"m1_rate":0.20},"source_event_id":"i"}';
  const flow = recordsFlow([event, '{"message": "Session Start"}']);
  const keys = [['m1_rate'], undefined];
  t.equal(
    encodePicks(flow, picksOf([0, 1], keys), config, context).bytes.toString(),
    `${event.replace('"count":3,', '')}\n{"message": "Session Start"}\n`,
  );
  t.equal(
    encodePicks(flow, picksOf([0, 1], keys), { ...config, version: 3 }, context).bytes.toString(),
    '{"namespace":"metrics","timestamp":"1970-01-01T00:00:05Z","metric_type":"meter","source_id":"r1","version":3,' +
      '"metric":"m","metrics":{"m1_rate":0.20},"source_event_id":"i"}\n{"message": "Session Start"}\n',
  );
});

t.test(
  'a subscription by an old name gives its events the old namespace, and changes nothing else',
  async (t) => {
    const circuit =
      '{ "namespace": "circuit", "version":2, "id":9007199254740993, "tags":{"namespace":"circuit"} }';
    const usage =
      '{"namespace":"usage","version":3,"usage":{"egress.rx":12345678901234567890,"egress.tx":2}}';
    const login = '{"namespace":"authentication","event_type":"fail"}';
    const flow = recordsFlow([circuit, usage, login]);
    const types = ['circuit', 'fabric.circuits', 'fabric.usage', 'edge.authentications', 'usage'];
    const subscriptions = types.map((type) => ({ type, place: '' }));
    const rows = [0, 0, 1, 2, 1];
    const keys = [undefined, undefined, undefined, undefined, ['egress.rx']];
    const { bytes } = encodePicks(
      flow,
      picksOf(rows, keys, [0, 1, 2, 3, 4]),
      { ...config, subscriptions },
      context,
    );
    t.strictSame(bytes.toString().split('\n'), [
      circuit,
      circuit.replace('"namespace": "circuit"', '"namespace": "fabric.circuits"'),
      usage.replace('"usage",', '"fabric.usage",'),
      login,
      usage.replace(',"egress.tx":2', ''),
      '',
    ]);
  },
);

t.test('a report is made in the configured version, with the id of each subscription', async (t) => {
  const event: MetricEvent = {
    metric_type: 'meter',
    namespace: 'metrics',
    source_id: 'mirrord-operator',
    metric: 'é',
    metrics: { count: 1, m1_rate: 0.5 },
  };
  const flow = reportFlow([event], 60_000);
  const { bytes, ends } = encodePicks(flow, picksOf([0, 0], [['count'], undefined], [0, 1]), config, context);
  const [first, second] = bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.strictSame([first.version, first.source_event_id, first.metrics], [2, 'out-0-60000', { count: 1 }]);
  t.strictSame([second.source_event_id, second.metrics], ['out-1-60000', { count: 1, m1_rate: 0.5 }]);
  t.equal(ends[1], bytes.length);
  const third = encodePicks(flow, picksOf([0]), { ...config, version: 3 }, context).bytes.toString();
  t.match(JSON.parse(third), {
    version: 3,
    timestamp: '1970-01-01T00:01:00Z',
    event_src_id: 'mirrord-operator',
  });
});

t.test('parts of the picks joined are the whole', async (t) => {
  const flow = recordsFlow(['{"a":1}', '{"a":22}', '{"a":333}']);
  const whole = encodePicks(flow, allOf(flow), config, context).bytes;
  const parts = [
    encodePicks(flow, allOf(flow), config, context, { to: 2 }),
    encodePicks(flow, allOf(flow), config, context, { from: 2, to: 3 }),
  ];
  t.strictSame(Buffer.concat(parts.map((part) => part.bytes)), whole);
});
