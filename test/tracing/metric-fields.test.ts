import t from 'tap';
import { Wants } from '../../lib/batch/wants.ts';
import { ObjectBatch } from '../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import { measuredRecords } from '../../lib/tracing/metric-fields.ts';

type JsonObject = Record<string, unknown>;

/** The attributes of what a record measures. */
function attributesOf(record: JsonObject): JsonObject {
  const wants = new Wants();
  const measured = measuredRecords(1, wants);
  const vocabulary = new Vocabulary(wants);
  const batch = new ObjectBatch({ input: { name: 'test', framing: '' }, vocabulary, objects: [record] });
  const [measurement, ...others] = measured.read(batch, 0);
  t.same([measurement?.name, measurement?.value, others.length], ['m', 3, 0]);
  return { ...measurement?.attributes };
}

const own = {
  timestamp: '2024-04-01T13:37:00Z',
  level: 'INFO',
  message: 'x',
  'counter.m': 3,
  port: 80,
  target: 'op',
};

t.test('what a shipper has put beside a flattened record is no attribute', async (t) => {
  const kubernetes = { pod_name: 'op-1' };
  const table: [what: string, record: JsonObject][] = [
    ['as it is', own],
    [
      'fluentd, from docker',
      { stream: 'stdout', time: '2024-04-01T13:37:00.1Z', kubernetes, docker: {}, ...own },
    ],
    ['Fluent Bit', { date: 1711978620.1, stream: 'stderr', _p: 'F', kubernetes, ...own }],
    ['what is added by hand', { stream: 'stdout', cluster: 'c', kubernetes, ...own }],
    ["docker's driver", { container_id: 'a', container_name: '/op', source: 'stdout', ...own }],
    ['logstash_format', { ...own, stream: 'stdout', '@timestamp': '2024-04-01T13:37:00Z', tag: 'kube.op' }],
  ];
  for (const [what, record] of table) t.same(attributesOf(record), { port: '80' }, what);
  const sorted = Object.fromEntries(Object.entries({ ...own, kubernetes, time: 'x' }).sort());
  t.same(attributesOf(sorted), { port: '80' }, 'in any order');
});

t.test('of a record that nobody has shipped these are attributes', async (t) => {
  t.same(attributesOf({ time: 'noon', tag: 'a', ...own, stream: 'sqs' }), {
    ...{ time: 'noon', tag: 'a', port: '80', stream: 'sqs' },
  });
  const { timestamp, level, message, target, ...fields } = { ...own, stream: 'stdout', time: 'noon' };
  t.same(
    attributesOf({
      timestamp,
      level,
      fields: { message, ...fields },
      target,
      kubernetes: {},
      stream: 'stdout',
    }),
    { port: '80', stream: 'stdout', time: 'noon' },
    "an event's own, where tracing nests them",
  );
});
