import t, { type Test as Tap } from 'tap';
import type { Batch } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { openFramer } from '../../../lib/framings/index.ts';
import { ReferenceParser } from '../../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';
import { openScanner, scannerAvailable } from '../../../lib/parse/scanner/index.ts';
import { Dice } from './random.ts';

/** Every kind of valid and invalid JSON against JSON.parse, which the scanner must agree with record by record. */

t.equal(scannerAvailable(), true, 'the scanner is built');

const wants = new Wants();
const value = wants.field('v', [['v']]);
const scanner = openScanner({ wants, limits: { maxRecordBytes: 1 << 20, maxDepth: 1000 } })!;

/** One record on a line of its own, between two others that must come through whatever it is. */
function read(record: string | Buffer): { batch: Batch; reason: string | undefined } {
  const parser = scanner.parser({ name: 'test', framing: '' }, 'ndjson');
  const bytes = Buffer.concat([
    Buffer.from('{"v":"before"}\n'),
    Buffer.from(record),
    Buffer.from('\n{"v":"behind"}\n'),
  ]);
  const [batch] = [...(parser.push(bytes) as Iterable<Batch>)];
  return { batch: batch!, reason: batch!.rejected[0]?.reason };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (it: unknown): boolean => typeof it === 'object' && it !== null && !Array.isArray(it);

/** What is expected of a record that is valid UTF-8, by JSON.parse. */
function expected(text: string): string | undefined {
  const parsed = parse(text);
  if (parsed === undefined) return 'invalid-json';
  return isObject(parsed) ? undefined : 'not-an-object';
}

function check(t: Tap, text: string): void {
  const { batch, reason } = read(text);
  const wanted = expected(text);
  const last = batch.rows - 1;
  t.same(
    { reason, rows: batch.rows, behind: batch.column(value).text(last), object: batch.object(last - 1) },
    {
      reason: wanted,
      rows: wanted === undefined ? 3 : 2,
      behind: 'behind',
      object: wanted === undefined ? JSON.parse(text) : { v: 'before' },
    },
    encodeURI(text),
  );
  batch.release();
}

const values = {
  'numbers that are valid': [
    ...[
      '0',
      '-0',
      '1',
      '-1',
      '10',
      '0.0',
      '-0.5',
      '1e1',
      '1E1',
      '1e+1',
      '1e-1',
      '1.5e10',
      '123456789.123456789e-5',
    ],
  ],
  'numbers that are not': [
    ...[
      '01',
      '-',
      '+1',
      '.5',
      '1.',
      '1.e1',
      '1e',
      '1e+',
      '--1',
      '-01',
      '0x1',
      '1_0',
      'NaN',
      'Infinity',
      '1f',
      '٣',
    ],
  ],
  words: ['true', 'false', 'null', 'True', 'tru', 'truee', 'nul', 'nulll', 'fals', 'undefined', 'falsey'],
  strings: [
    ...[
      '""',
      '"a"',
      '"\\""',
      '"\\\\"',
      '"\\/"',
      '"\\b\\f\\n\\r\\t"',
      '"\\u0000"',
      '"\\uD83D\\uDE00"',
      '"\\ud800"',
    ],
    ...[
      '"\\udc00x"',
      '"é😀"',
      '"\u007f"',
      '"\u2028"',
      '"',
      '"a',
      '"\\"',
      '"\\x41"',
      '"\\u12g4"',
      '"\\u123"',
      '"\t"',
    ],
    ...[
      '"\u0000"',
      '"\u001f"',
      "'a'",
      'a',
      '"a"b',
      '"\\U0041"',
      `"${'x'.repeat(100)}\\`,
      `"${'\\\\'.repeat(20)}"`,
    ],
  ],
  containers: [
    ...['[]', '[ ]', '[1]', '[1,2]', '[1,[2,[3]]]', '{}', '{ }', '{"a":1}', '{"a":{"b":[{}]}}', '[{},[],""]'],
    ...[
      '[',
      ']',
      '[1',
      '[1,',
      '[1,]',
      '[,1]',
      '[1 2]',
      '[1}',
      '{',
      '}',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1,}',
    ],
    ...[
      '{,}',
      '{"a" 1}',
      '{"a":1 "b":2}',
      '{a:1}',
      "{'a':1}",
      '{1:1}',
      '{"a"::1}',
      '{"a":1]',
      '[}',
      '{]',
      '[1]]',
      '{}}',
    ],
  ],
};

for (const [name, texts] of Object.entries(values)) {
  t.test(name, async (t) => {
    for (const text of texts) {
      check(t, text);
      check(t, `{"v":${text}}`);
      check(t, `{ "w" : ${text} , "v" : 1 }`);
      check(t, `{"v":[${text},${text}]}`);
      check(t, `{"w":{"x":${text}}}`);
    }
  });
}

t.test('space between tokens is what JSON takes for space, without LF', async (t) => {
  for (const space of [' ', '\t', '\r', ' \t\r ', '\u000b', '\u000c', '\u00a0', '\ufeff', '\u0000', '\b']) {
    check(t, `${space}{"v":1}`);
    check(t, `{${space}"v":1}`);
    check(t, `{"v"${space}:1}`);
    check(t, `{"v":${space}1}`);
    check(t, `{"v":"s"${space}}`);
    check(t, `{"v":[${space}1${space},2${space}]}`);
    check(t, `{"v":1}${space}`);
    check(t, `{"v":1}${space}x`);
  }
});

t.test('of equal keys the last one counts, with all that it holds', async (t) => {
  const fields = new Wants();
  const inner = fields.field('inner', [['o', 'a'], ['a']]);
  const family = fields.keysBeginning([['o']], ['counter.']);
  const own = openScanner({ wants: fields, limits: { maxRecordBytes: 1000, maxDepth: 10 } })!;
  const cases: readonly [string, string | undefined, boolean][] = [
    ['{"o":{"a":"1"},"o":{"a":"2"}}', '2', false],
    ['{"o":{"a":"1","counter.x":1},"o":{}}', undefined, false],
    ['{"o":{"a":"1","counter.x":1},"o":5,"a":"top"}', 'top', false],
    ['{"o":{"a":"1","a":"2"}}', '2', false],
    ['{"o":1,"o":{"a":"2","counter.x":1}}', '2', true],
    ['{"\\u006f":{"a":"1"},"o":{"\\u0061":"2"}}', '2', false],
  ];
  for (const [text, found, has] of cases) {
    const [batch] = [
      ...(own.parser({ name: '', framing: '' }, 'ndjson').push(Buffer.from(`${text}\n`)) as Iterable<Batch>),
    ];
    t.equal(batch!.column(inner).text(0), found, text);
    t.equal(batch!.has(family, 0), has, text);
    batch!.release();
  }
});

t.test('every class of bytes that is no UTF-8', async (t) => {
  for (let lead = 0x80; lead <= 0xff; lead++) {
    for (const rest of [
      [],
      [0x80],
      [0xbf],
      [0x41],
      [0x9f, 0x80],
      [0xa0, 0x80],
      [0x8f, 0xbf, 0xbf],
      [0x90, 0x80, 0x80],
    ]) {
      const bytes = Buffer.from([lead, ...rest]);
      const valid = bytes.equals(Buffer.from(bytes.toString()));
      const record = Buffer.concat([Buffer.from('{"v":"'), bytes, Buffer.from('"}')]);
      const { batch, reason } = read(record);
      t.equal(reason, valid ? undefined : 'invalid-utf8', bytes.toString('hex'));
      batch.release();
    }
  }
});

t.test('numbers are the doubles that JSON.parse gives', async (t) => {
  const texts = [
    ...[
      '0',
      '-0',
      '9007199254740992',
      '9007199254740993',
      '90071992547409930',
      '1e22',
      '1e23',
      '123456789e-22',
    ],
    ...[
      '0.1',
      '0.30000000000000004',
      '1e308',
      '1.7976931348623159e308',
      '1e309',
      '-1e309',
      '5e-324',
      '2e-324',
    ],
    ...[
      '2.2250738585072014e-308',
      '1e-400',
      '0e-400',
      '0e400',
      '123456789012345678901234567890',
      '1.0000000000000002',
    ],
    ...[
      '18446744073709551615',
      '18446744073709551616',
      '9007199254740992e22',
      '9007199254740993e1',
      '1e2147483648',
    ],
    ...['0.000000000000000000000000000001', '1000000000000000000000e-21', '4.35', '0.1e1', '100e-2', '1E+05'],
  ];
  for (const text of texts) {
    const { batch } = read(`{"v":${text}}`);
    const column = batch.column(value);
    t.ok(Object.is(column.number(1), JSON.parse(text)), `${text}: ${column.number(1)}`);
    t.equal(column.text(1), text);
    t.equal(batch.symbols.text(column.id(1)), text);
    batch.release();
  }
});

t.test('a hash of a text is the same whoever parsed it', async (t) => {
  const dice = new Dice(1);
  const escapes = [
    '\\n',
    '\\u0000',
    '\\ud800',
    '\\ud83d\\ude00',
    '\\"',
    'é',
    '😀',
    '\\udc00\\ud800',
    'x',
    '0123456789',
  ];
  const texts = Array.from({ length: 500 }, (_, k) =>
    k < 30 ? `"${'y'.repeat(k)}"` : `"${dice.list(12, () => dice.pick(escapes)).join('')}"`,
  );
  const others = ['12.50', '-0', '1e400', 'true', 'false', 'null', '[]', '{}'];
  const bytes = Buffer.from([...texts, ...others].map((text) => `{"v":${text}}\n`).join(''));
  const wants = new Wants();
  const field = wants.field('v', [['v']]);
  const limits = { maxRecordBytes: 1 << 16, maxDepth: 10 };
  const input = { name: '', framing: '' };
  const hashes = [
    openScanner({ wants, limits })!.parser(input, 'ndjson'),
    openScanner({ wants, limits })!.parser(input, 'ndjson'),
    new ReferenceParser({
      input,
      framer: openFramer('ndjson', { input, limits, sourceId: '' }),
      vocabulary: new Vocabulary(wants),
      limits,
    }),
  ].map((parser) => {
    const [batch] = [...(parser.push(bytes) as Iterable<Batch>)];
    return Array.from(
      batch!.column(field).hashesOf(Uint32Array.from({ length: batch!.rows }, (_, row) => row)),
    );
  });
  t.equal(hashes[0]!.length, 2 * (texts.length + others.length));
  t.ok(
    hashes[0]!.every((word, k) => word === hashes[1]![k]),
    'two scanners',
  );
  t.ok(
    hashes[0]!.every((word, k) => word === hashes[2]![k]),
    'the scanner and the reference',
  );
  const distinct = new Set(texts.map((_, k) => `${hashes[0]![2 * k]} ${hashes[0]![2 * k + 1]}`));
  t.equal(distinct.size, new Set(texts.map((text) => JSON.parse(text))).size);
  t.same(hashes[0]!.slice(-6), [0, 0, 0, 0, 0, 0], 'no text');
});
