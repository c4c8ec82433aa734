import t from 'tap';
import { ValueType } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { ObjectBatch, type ObjectBatchOptions } from '../../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';

type Objects = ObjectBatchOptions['objects'];

function batchOf(wants: Wants, objects: Objects, rest: Partial<ObjectBatchOptions> = {}): ObjectBatch {
  return new ObjectBatch({
    input: { name: 'x', framing: '' },
    vocabulary: new Vocabulary(wants),
    objects,
    ...rest,
  });
}

/** A batch of these JSON texts, their bytes included. */
function parsed(wants: Wants, ...texts: string[]): ObjectBatch {
  const bytes = Buffer.from(texts.join('\n'));
  const length = Uint32Array.from(texts, (text) => Buffer.byteLength(text));
  const offset = length.map((_, k) => length.subarray(0, k).reduce((sum, n) => sum + n + 1, 0));
  return batchOf(
    wants,
    texts.map((text) => JSON.parse(text)),
    { bytes, offset, length },
  );
}

t.test('a column gives type, number, text and id of a value', async (t) => {
  const wants = new Wants();
  const field = wants.field('v', [['v']]);
  const batch = parsed(
    wants,
    '{"v":"a"}',
    '{"v":1.50}',
    '{"v":true}',
    '{"v":false}',
    '{"v":null}',
    '{"v":{}}',
    '{"v":[]}',
    '{}',
    '{"v":"a"}',
    '{"v":""}',
  );
  const column = batch.column(field);
  const rows = [...Array(batch.rows).keys()];
  t.same(
    rows.map((row) => column.type(row)),
    [
      ValueType.string,
      ValueType.number,
      ValueType.true,
      ValueType.false,
      ValueType.null,
      ValueType.object,
      ValueType.array,
      ValueType.absent,
      ValueType.string,
      ValueType.string,
    ],
  );
  t.same(
    rows.map((row) => column.number(row)),
    [NaN, 1.5, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN],
  );
  t.same(
    rows.map((row) => column.text(row)),
    ['a', '1.50', 'true', 'false', undefined, undefined, undefined, undefined, 'a', ''],
  );
  const ids = rows.map((row) => column.id(row));
  t.same(
    ids,
    rows.map((row) => column.id(row)),
    'the same when asked again',
  );
  t.same(ids.slice(4, 8), [0, 0, 0, 0]);
  t.equal(ids[8], ids[0]);
  t.not(ids[9], 0, 'an empty text is not an absent one');
  t.same(
    ids.map((id) => batch.symbols.text(id)),
    ['a', '1.50', 'true', 'false', '', '', '', '', 'a', ''],
  );
  t.equal(batch.column(field), column);
});

t.test('a number as text has the digits that it came with', async (t) => {
  const wants = new Wants();
  const id = wants.field('session_id', [['fields', 'session_id'], ['session_id']]);
  const batch = parsed(
    wants,
    '{"fields":{"session_id":12345678901234567890}}',
    '{"session_id":1,"fields":{"session_id":9007199254740993,"session_id":9007199254740995}}',
    '{"fields":{},"session_id":1.0}',
    '{"fields":{"é":"session_id","session_id":-0}}',
  );
  const column = batch.column(id);
  t.same(
    [0, 1, 2, 3].map((row) => column.text(row)),
    ['12345678901234567890', '9007199254740995', '1.0', '-0'],
  );
  t.same(
    batchOf(wants, [{ session_id: 7 }])
      .column(id)
      .text(0),
    '7',
    'made here, without bytes',
  );
});

t.test('the first path that is present wins, and null is present', async (t) => {
  const wants = new Wants();
  const field = wants.field('f', [['a', 'b', 'c'], ['a', 'b'], ['a']]);
  const column = batchOf(wants, [
    { a: { b: { c: 'deep' } } },
    { a: { b: 'middle' } },
    { a: 'top' },
    { a: { b: { c: null } } },
    { a: ['b'] },
    { a: { b: ['c'] } },
    {},
  ]).column(field);
  t.same(
    [0, 1, 2, 3, 4, 5, 6].map((row) => column.text(row)),
    ['deep', 'middle', 'top', undefined, undefined, undefined, undefined],
  );
  t.equal(column.type(3), ValueType.null);
  t.equal(column.type(4), ValueType.array);
});

t.test('what every object inherits is not a key', async (t) => {
  const wants = new Wants();
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
  const batch = parsed(
    wants,
    '{"fields":{}}',
    '{"constructor":"c","__proto__":"p","toString":"t","hasOwnProperty":"h","fields":{"__proto__":"q"}}',
  );
  for (const name of names) {
    const top = batch.column(wants.field(name, [[name]]));
    const inner = batch.column(wants.field(`fields.${name}`, [['fields', name]]));
    const third = batch.column(wants.field(`x.${name}`, [['fields', 'x', name]]));
    t.equal(top.type(0), ValueType.absent, name);
    t.equal(
      top.text(1),
      { constructor: 'c', __proto__: null, toString: 't', hasOwnProperty: 'h' }[name] ?? 'p',
    );
    t.equal(inner.type(0), ValueType.absent);
    t.equal(third.type(0), ValueType.absent);
  }
  t.equal(batch.column(wants.field('p', [['fields', '__proto__']])).text(1), 'q');
  t.equal(batch.column(wants.field('l', [['fields', 'length']])).type(0), ValueType.absent);
});

t.test('the keys of an object are interned as one list', async (t) => {
  const wants = new Wants();
  const batch = parsed(
    wants,
    '{"m":{"b":1,"a":2}}',
    '{"m":{}}',
    '{"m":[1]}',
    '{}',
    '{"m":{"b":3,"a":4}}',
    '{"m":{"__proto__":1}}',
  );
  const column = batch.column(wants.field('m', [['m']]));
  const ids = [0, 1, 2, 3, 4, 5].map((row) => column.keys(row));
  t.same(
    ids.map((id) => batch.symbols.text(id)),
    ['b\0a\0', '', '', '', 'b\0a\0', '__proto__\0'],
  );
  t.not(ids[1], 0);
  t.same(ids.slice(2, 4), [0, 0]);
  t.equal(ids[4], ids[0]);
});

t.test('labels are interned as tuples that nothing can confuse', async (t) => {
  const wants = new Wants();
  const fields = ['a', 'b', 'c'].map((name) => wants.field(name, [[name]]));
  const set = wants.labels(fields);
  const objects = [
    { a: 'x', b: 'y', c: 'z' },
    { a: 'xy', b: '', c: 'z' },
    { a: 'x', b: 'y\0z' },
    { a: 'x\0y', c: 'z' },
    { a: '1:', b: '2' },
    { a: null, b: {}, c: [] },
    {},
    { a: 'x', b: 'y', c: 'z' },
    { a: true, b: 5 },
  ];
  const column = batchOf(wants, objects).labels(set);
  const ids = objects.map((_, row) => column.id(row));
  t.same(
    ids.map((id) => column.tuples.values(id)),
    [
      ['x', 'y', 'z'],
      ['xy', '', 'z'],
      ['x', 'y\0z', ''],
      ['x\0y', '', 'z'],
      ['1:', '2', ''],
      ['', '', ''],
      ['', '', ''],
      ['x', 'y', 'z'],
      ['true', '5', ''],
    ],
  );
  t.equal(new Set(ids).size, 7);
  t.same([ids[6], ids[7]], [ids[5], ids[0]]);
  t.same(
    ids,
    objects.map((_, row) => column.id(row)),
    'the same when asked again',
  );
});

t.test('label sets of one label and of none', async (t) => {
  const wants = new Wants();
  const one = wants.labels([wants.field('a', [['a']])]);
  const none = wants.labels([]);
  const batch = parsed(wants, '{"a":10.0}', '{"a":"10.0"}', '{}');
  const labels = batch.labels(one);
  t.same(
    [0, 1, 2].map((row) => labels.tuples.values(labels.id(row))),
    [['10.0'], ['10.0'], ['']],
  );
  t.same(batch.labels(none).tuples.values(batch.labels(none).id(0)), []);
  t.not(batch.labels(none).id(0), 0);
});

t.test('lists of rows are read in their order', async (t) => {
  const wants = new Wants();
  const field = wants.field('v', [['v']]);
  const set = wants.labels([field]);
  const batch = parsed(wants, '{"v":"a"}', '{"v":1.50}', '{}', '{"v":"1.50"}', '{"v":""}', '{"v":"\\u0061"}');
  const rows = Uint32Array.of(5, 1, 3, 2, 0);
  t.same([...batch.column(field).numbersOf(rows)], [NaN, 1.5, NaN, NaN, NaN]);
  const labels = batch.labels(set);
  t.same(
    Array.from(labels.idsOf(rows), (id) => labels.tuples.values(id)),
    [['a'], ['1.50'], ['1.50'], [''], ['a']],
  );
  const words = batch.column(field).hashesOf(rows);
  const hashes = [0, 1, 2, 3, 4].map((k) => `${words[2 * k]} ${words[2 * k + 1]}`);
  t.equal(hashes[0], hashes[4], 'an escape means what it means');
  t.equal(hashes[1], hashes[2], 'the text of a number');
  t.equal(hashes[3], '0 0', 'no text');
  t.not(hashes[0], hashes[1]);
  t.same(batch.column(field).hashesOf(new Uint32Array(0)).length, 0);
});

t.test('families of keys', async (t) => {
  const wants = new Wants();
  const family = wants.keysBeginning([[], ['fields']], ['counter.', 'gauge.', 'éa']);
  const batch = batchOf(wants, [
    { 'counter.x': 1 },
    { fields: { message: 'm', 'gauge.y': 1 } },
    { fields: { counter: 1, gaug: 2, 'xcounter.': 3 } },
    { fields: ['counter.x'] },
    { fields: { deeper: { 'counter.x': 1 } } },
    { fields: { éab: 1 } },
    { fields: { '': 1, é: 2 } },
  ]);
  t.same(
    [0, 1, 2, 3, 4, 5, 6].map((row) => batch.has(family, row)),
    [true, true, false, false, false, true, false],
  );
  const any = wants.keysBeginning([['fields']], ['']);
  t.same([batch.has(any, 0), batch.has(any, 1)], [false, true]);
  const some = wants.keysBeginning([['fields'], []], ['gau', 'mess'], ['gauge.y', 'message']);
  t.same([batch.has(some, 1), batch.has(some, 2)], [false, true]);
});

t.test('time is RFC 3339 or OpenZiti’s parts', async (t) => {
  const cases: [unknown, number][] = [
    ['2024-04-01T13:37:00.5Z', Date.UTC(2024, 3, 1, 13, 37) + 500],
    ['yesterday', NaN],
    [{ seconds: 5, nanos: 250_000_000 }, 5250],
    [{ seconds: 5 }, 5000],
    [{ nanos: 1_000_000 }, 1],
    [{}, NaN],
    [{ seconds: '5' }, NaN],
    [{ seconds: 5, nanos: null }, NaN],
    [[5, 1], NaN],
    [5, NaN],
    [null, NaN],
    [undefined, NaN],
  ];
  const batch = batchOf(
    new Wants(),
    cases.map(([timestamp]) => ({ timestamp })),
  );
  t.same(
    [...batch.time],
    cases.map(([, time]) => time),
  );
  t.same([...batchOf(new Wants(), [{ timestamp: 'x' }], { time: Float64Array.of(7) }).time], [7]);
});

t.test('levels are known in any case', async (t) => {
  const levels = [
    'TRACE',
    'debug',
    'Info',
    'WARN',
    'error',
    'WARNING',
    '',
    'ınfo',
    5,
    null,
    undefined,
    'constructor',
  ];
  const batch = batchOf(
    new Wants(),
    levels.map((level) => ({ level })),
  );
  t.same([...batch.level], [1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0]);
});

t.test('the last one to let go releases, once', async (t) => {
  let released = 0;
  const batch = batchOf(new Wants(), [{}], { onRelease: () => released++ });
  batch.retain();
  batch.release();
  t.equal(released, 0);
  batch.release();
  t.equal(released, 1);
  t.throws(() => batch.release(), { code: 'PIPELINE_BROKEN' });
  t.equal(released, 1);
});

t.test('made here, a batch has no bytes', async (t) => {
  const batch = batchOf(new Wants(), [{ a: 1 }, { b: 2 }]);
  t.same(
    [batch.rows, batch.bytes.length, batch.consumed, batch.rejected.length, batch.kind.length],
    [2, 0, 0, 0, 2],
  );
  t.same([...batch.length], [0, 0]);
  t.same(batch.object(1), { b: 2 });
});
