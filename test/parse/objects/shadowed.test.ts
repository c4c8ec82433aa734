import t from 'tap';
import { type Column, ValueType } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { openFramer } from '../../../lib/framings/index.ts';
import { ReferenceParser } from '../../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';
import { logField } from '../../../lib/tracing/record-fields.ts';

function parse(...lines: string[]) {
  const wants = new Wants();
  const fields = ['target', 'module', 'level', 'timestamp'].map((name) => logField(wants, name));
  const labels = wants.labels(fields);
  const input = { name: '-', framing: '' };
  const limits = { maxRecordBytes: 1000, maxDepth: 10 };
  const framer = openFramer('ndjson', { input, limits, sourceId: 'x' });
  const parser = new ReferenceParser({ input, framer, vocabulary: new Vocabulary(wants), limits });
  const [batch] = [...parser.push(Buffer.from(`${lines.join('\n')}\n`))];
  const [target, module, level, timestamp] = fields.map((field) => batch!.column(field)) as [
    Column,
    Column,
    Column,
    Column,
  ];
  return lines.map((_, row) => ({
    target: target.text(row),
    module: module.text(row),
    level: level.text(row),
    timestamp: timestamp.text(row),
    head: [batch!.level[row], batch!.time[row]],
    types: [target.type(row), timestamp.type(row)],
    labels: batch!.labels(labels).tuples.values(batch!.labels(labels).id(row)),
  }));
}

const start = '{"timestamp":"1970-01-01T00:00:05Z","level":"INFO","message":"x"';
const INFO = 3;

t.test('a flattened record keeps the first target, the real time and the real level', async (t) => {
  const [found] = parse(`${start},"target":"pod/a","level":"fake","timestamp":12,"target":"op::session"}`);
  t.match(found, {
    target: 'pod/a',
    module: 'op::session',
    level: 'INFO',
    timestamp: '1970-01-01T00:00:05Z',
  });
  t.same(found!.head, [INFO, 5000]);
  t.same(found!.labels, ['pod/a', 'op::session', 'INFO', '1970-01-01T00:00:05Z']);
});

t.test('a single target is the module', async (t) => {
  const [found] = parse(`${start},"target":"op::session"}`);
  t.match(found, { target: undefined, module: 'op::session', level: 'INFO' });
  t.equal(found!.types[0], ValueType.absent);
});

t.test('the first value counts whatever it is, with its digits, its key however it is written', async (t) => {
  const [number, nothing, object, escaped, thrice] = parse(
    `${start},"target":9007199254740993.0,"target":"m"}`,
    `${start},"target":null,"target":"m"}`,
    `${start},"target":{"a":1},"target":"m"}`,
    `${start},"t\\u0061rget":"pod/\\u00e9","target":"m"}`,
    `${start},"target":"one","target":"two","target":"m"}`,
  );
  t.equal(number!.target, '9007199254740993.0');
  t.equal(number!.types[0], ValueType.number);
  t.match([nothing!.target, nothing!.types[0]], [undefined, ValueType.null]);
  t.match([object!.target, object!.types[0]], [undefined, ValueType.object]);
  t.equal(escaped!.target, 'pod/é');
  t.equal(thrice!.target, 'one');
});

t.test('in any other record the last of equal keys counts', async (t) => {
  const [nested, levelless, deep] = parse(
    `${start},"fields":{"target":"a","target":"b"},"target":"c","target":"d","level":"WARN"}`,
    '{"timestamp":"1970-01-01T00:00:05Z","timestamp":"1970-01-01T00:00:06Z","target":"a","target":"b"}',
    `${start},"target":"m","span":{"target":"a","target":"b"}}`,
  );
  t.match(nested, { target: 'b', module: 'd', level: 'WARN' });
  t.match(levelless, { target: undefined, module: 'b', head: [0, 6000] });
  t.match(deep, { target: undefined, module: 'm' });
  const [scalar] = parse(`${start},"fields":true,"target":"pod/a","target":"m"}`);
  t.match(scalar, { target: 'pod/a', module: 'm' }, 'a field may be called fields');
});
