import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { JsonFramer } from '../../../lib/framings/json/json-framer.ts';
import { EACH, parseRecordsPath } from '../../../lib/framings/records-path.ts';
import { holds } from '../../helpers/holds.ts';
import { anyChunks, collect, content } from '../collect.ts';

function framer(records?: string, maxRecordBytes = 1000): JsonFramer {
  return new JsonFramer({
    maxRecordBytes,
    records: records === undefined ? undefined : parseRecordsPath(records),
  });
}

/** The texts of the records alone. */
function texts(input: string, records?: string): string[] {
  return collect(framer(records), input).records.map(([, text]) => text);
}

t.test('pretty-printed, concatenated and array JSON', async (t) => {
  const pretty = JSON.stringify({ a: { b: [1, { c: '}' }] } }, undefined, 2);
  const { records, consumed, rejected } = collect(framer(), `${pretty}\n${pretty}{"x":1}{"y":2} \n`);
  t.same(
    records.map(([, text]) => text),
    [pretty, pretty, '{"x":1}', '{"y":2}'],
  );
  t.equal(records[1]![0], pretty.length + 1);
  t.same(rejected, []);
  t.equal(consumed, pretty.length * 2 + 1 + 14 + 2);
  t.same(texts('[{"a":1},\n  {"b":[{}]}, {"c":3}]'), ['{"a":1}', '{"b":[{}]}', '{"c":3}']);
  t.same(texts('[]{}[{"a":1}]'), ['{}', '{"a":1}']);
  t.same(texts(''), []);
  t.same(texts(' \n '), []);
});

t.test('positions in arrays', async (t) => {
  const values = '{"data":{"result":[{"values":[["1","a"],["2","b"]]},{"values":[["3","c"]]}]}}';
  t.same(texts(values, 'data.result[0].values[][1]'), ['"a"', '"b"']);
  t.same(texts(values, 'data.result.values[][1]'), ['"a"', '"b"', '"c"']);
  t.same(texts(values, 'data.result[1].values[0][1]'), ['"c"']);
  t.same(texts(values, 'data.result[2].values'), []);
  t.same(texts('[[1,{"a":1}],[2,{"a":2}]]', '[][1]'), ['{"a":1}', '{"a":2}']);
  t.same(texts('[{"a":1},{"a":2}]', '[1]'), ['{"a":2}']);
  t.same(texts('{"rows":[[{"a":1},{"a":2}],[{"a":3}]]}', 'rows[0]'), ['{"a":1}', '{"a":2}']);
  t.same(texts('{"rows":{"0":{"a":1}}}', 'rows[0]'), [], 'of no object');
});

t.test('records keep their bytes', async (t) => {
  const record = '{ "id" : 123456789012345678901234567890.10, "s":"\\u0041\\/ü" , "e":1e5 }';
  t.same(texts(`[ ${record} ]`), [Buffer.from(record).toString('latin1')]);
});

t.test('values that are no objects are frames too, for the parser to reject', async (t) => {
  t.same(collect(framer(), '[1, "a,]\\"", true ,[{}], null,-2.5e3]').records, [
    [1, '1'],
    [4, '"a,]\\""'],
    [13, 'true'],
    [19, '[{}]'],
    [25, 'null'],
    [30, '-2.5e3'],
  ]);
  t.same(collect(framer(), '1 2\n"x"{}null').records, [
    [0, '1'],
    [2, '2'],
    [4, '"x"'],
    [7, '{}'],
    [9, 'null'],
  ]);
});

t.test('records deep inside of an export', async (t) => {
  const hit = (source: string): string => `{"_index":"logstash","_score":1,"_source":${source},"sort":[1]}`;
  const elastic = `{"took":5,"_source":{"no":1},"hits":{"total":{"value":2},"hits":[${hit('{"a":1}')},\n${hit('{"b":2}')}]}}`;
  t.same(texts(elastic, 'hits.hits._source'), ['{"a":1}', '{"b":2}']);
  t.same(texts(`${elastic}\n${elastic}`, 'hits.hits._source').length, 4, 'of every document');
  t.same(texts('[[{"r":{"a":1}}],{"r":{"a":2}}]', 'r'), ['{"a":1}', '{"a":2}'], 'arrays on the way');
  t.same(texts('{"data":{"a.b":{"x[0]":[{"c":1}]}}}', 'data["a.b"]["x[0]"]'), ['{"c":1}']);
  t.same(texts('{"d\\u0061ta":{"é":{"c":1}}}', 'data.é'), ['{"c":1}'], 'keys as text');
  t.same(texts('{"r":5,"q":{"r":{}}}', 'r'), ['5']);
  t.same(texts('{"a":["s",{"a":"s"},[true]]}', 'hits.hits'), []);
});

t.test('paths to records', async (t) => {
  t.same(parseRecordsPath('hits.hits._source'), ['hits', 'hits', '_source']);
  t.same(parseRecordsPath('["a.b"].c["\\"]"]'), ['a.b', 'c', '"]']);
  t.same(parseRecordsPath('[0].a[12][].b'), [0, 'a', 12, EACH, 'b']);
  for (const text of ['a..b', '.a', 'a.', 'a[b]', 'a[-1]', 'a"b', 'a["b"', '["\\x"]']) {
    t.throws(() => parseRecordsPath(text), { code: 'USAGE' }, text);
  }
});

t.test('broken JSON is a dead letter, and reading goes on at the next line that begins with {', async (t) => {
  const good = '{"good":1}';
  for (const [broken, dead] of [
    ['{"a":oops}\n', '{"a":oops}'],
    ['{"a":1,\n', '{"a":1'],
    ['{"a":"x\n', '{"a":"x'],
    ['{"a":tru\n', '{"a":tru'],
    ['{"a":[1,2}\n  {"inner":1}\n', '{"a":[1,2}\n  {"inner":1}'],
    ['garbage here\n', 'garbage here'],
    ['}\n', '}'],
    ['{"a":"\\u12\n', '{"a":"\\u12'],
    ['{"a":"\\q"}\n', '{"a":"\\q"}'],
  ] as const) {
    for (const sizes of [[1], [1 << 20]]) {
      const text = `${good}\n${broken}${good}\n`;
      const { records, consumed } = collect(framer(), text, sizes);
      t.same(
        records,
        [
          [0, good],
          [11, dead],
          [11 + broken.length, good],
        ],
        broken,
      );
      t.equal(consumed, text.length);
    }
  }
});

t.test('in an array, reading goes on in the array', async (t) => {
  t.same(texts('[\n{"a":1},\n{"b":oops},\n{"c":3},\n{"d":4}\n]\n{"e":5}'), [
    '{"a":1}',
    '{"b":oops}',
    '{"c":3}',
    '{"d":4}',
    '{"e":5}',
  ]);
  t.same(
    texts(
      '{"hits":{"hits":[\n{"_source":{"a":1}},\n{"_source":{"b":}},\n{"_source":{"c":3}}\n]}}',
      'hits.hits._source',
    ),
    ['{"a":1}', '{"b":}}', '{"c":3}'],
  );
  t.same(
    texts('[{"a":1}\n{"b":2}\n{"c":3}]'),
    ['{"a":1}', '{"b":2}', '{"c":3}'],
    'missing commas lose nothing',
  );
});

t.test('a document that ends too early is a dead letter', async (t) => {
  t.same(collect(framer(), '{"a":1}\n{"b":').records[1], [8, '{"b":']);
  t.same(collect(framer(), '[{"a":1},{"b":2}').records, [
    [1, '{"a":1}'],
    [9, '{"b":2}'],
    [16, ''],
  ]);
  t.same(collect(framer(), '{"a":1}tru').records[1], [7, 'tru']);
  t.same(collect(framer(), '"abc').records, [[0, '"abc']]);
  t.same(collect(framer('r'), '{"r":[{"a":1}').records, [
    [6, '{"a":1}'],
    [13, ''],
  ]);
});

t.test('a record of the limit is taken, a longer one is not, and is not kept', async (t) => {
  const record = (length: number): string => `{"a":"${'x'.repeat(length - 8)}"}`;
  for (const sizes of [[1], [700], [1 << 20]]) {
    const text = `[${record(2000)},${record(2001)},${record(50_000)}, {"b":1}]`;
    const { records, rejected, consumed } = collect(framer(undefined, 2000), text, sizes);
    t.same(
      records.map(([offset, bytes]) => [offset, bytes.length]),
      [
        [1, 2000],
        [54_006, 7],
      ],
    );
    t.same(rejected, [
      [2002, 2001, 'too-long', record(2001).slice(0, 1024)],
      [4004, 50_000, 'too-long', record(50_000).slice(0, 1024)],
    ]);
    t.equal(consumed, text.length);
  }
});

t.test('scalars glued together are one dead letter, and cost no byte of what follows', async (t) => {
  for (const sizes of [[1], [2], [100]]) {
    t.same(collect(framer(), '12true{"a":1}', sizes).records, [
      [0, '12true'],
      [6, '{"a":1}'],
    ]);
  }
});

t.test('a byte order mark at the start is skipped', async (t) => {
  t.same(collect(framer(), '\ufeff{"a":1}', [1]).records, [[3, '{"a":1}']]);
  t.same(content(collect(framer(), '\ufeff')), { records: [], rejected: [], consumed: 3 });
});

t.test('deep nesting and long keys are only text', async (t) => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  t.same(collect(framer(undefined, 1 << 20), `{"a":${deep}}`).records[0]![1].length, 200_006);
  t.same(texts(`{"${'k'.repeat(100_000)}":{"r":{}},"r":{"a":1}}`, 'r'), ['{"a":1}']);
});

t.test('many records come in frames of at most 4096', async (t) => {
  const { rows, records } = collect(framer(), `[${'{"a":1},'.repeat(9999)}{}]`);
  t.same(rows, [4096, 4096, 1808]);
  t.equal(records.length, 10_000);
});

t.test('any JSON is found again, in any chunks, in any layout', async () => {
  const layout = fc.constantFrom(undefined, 1, '\t');
  holds(
    t,
    fc.property(
      fc.array(fc.object(), { maxLength: 8 }),
      layout,
      anyChunks,
      fc.boolean(),
      (values, indent, chunks, array) => {
        const parts = values.map((value) => JSON.stringify(value, undefined, indent));
        const text = array ? `[${parts.join(' ,\n')}]` : parts.join(indent === undefined ? '' : '\n');
        const make = (): JsonFramer => framer(undefined, 1 << 20);
        const found = collect(make(), text, chunks);
        assert.deepEqual(
          found.records.map(([, bytes]) => bytes),
          parts.map((part) => Buffer.from(part).toString('latin1')),
        );
        assert.equal(found.consumed, Buffer.byteLength(text));
      },
    ),
    { numRuns: 60 },
  );
});

t.test('any text, in any chunks, gives the same, each byte once', async () => {
  const bit = fc.constantFrom(
    '{"a":1}',
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    '\n{',
    ' ',
    '\\',
    'true',
    'nul',
    '12',
    '-',
    'é',
    '"r":',
    '{"r":',
    'z'.repeat(70),
    '\r\n',
    '\ufeff',
    '\0',
  );
  holds(
    t,
    fc.property(
      fc.array(bit, { maxLength: 40 }),
      anyChunks,
      fc.constantFrom(undefined, 'r', 'r.r'),
      (bits, chunks, path) => {
        const bytes = Buffer.from(bits.join(''));
        const whole = collect(framer(path, 64), bytes);
        assert.deepEqual(content(collect(framer(path, 64), bytes, chunks)), content(whole));
        assert.equal(whole.consumed, bytes.length);
        let end = 0;
        for (const [offset, text] of whole.records) {
          assert.ok(offset >= end, 'records do not overlap');
          end = offset + text.length;
          assert.equal(bytes.toString('latin1', offset, end), text);
        }
      },
    ),
    { numRuns: 400 },
  );
});
