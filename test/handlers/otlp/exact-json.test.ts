import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import t from 'tap';
import type { AnyValue, KeyValue } from '../../../lib/handlers/otlp/any-value.ts';
import { readMembers } from '../../../lib/handlers/otlp/exact-json.ts';
import { holds } from '../../helpers/holds.ts';

/** Back to JavaScript, where JSON.parse is right. */
function plain(value: AnyValue): unknown {
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value) return Number(value.intValue);
  if ('doubleValue' in value) return value.doubleValue;
  if ('arrayValue' in value) return (value.arrayValue as { values: AnyValue[] }).values.map(plain);
  if ('kvlistValue' in value) return object((value.kvlistValue as { values: KeyValue[] }).values);
  return null;
}

const object = (members: readonly KeyValue[]): object =>
  Object.fromEntries(members.map(({ key, value }) => [key, plain(value)]));

/** What OTLP has no number for is sent as its digits. */
const beyondInt64 = (_: string, value: unknown): unknown =>
  Number.isInteger(value) && Math.abs(value as number) >= 2 ** 63 && !String(value).includes('e')
    ? String(value)
    : value;

t.test('the values of JSON.parse, however the text is written', async (t) => {
  holds(
    t,
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' })),
      fc.constantFrom(undefined, 1, '\t', '\r\n '),
      (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.deepEqual(object(readMembers(text)), JSON.parse(text, beyondInt64));
      },
    ),
    { numRuns: 300 },
  );
});

t.test('numbers by their digits', async (t) => {
  const cases: readonly [literal: string, value: AnyValue][] = [
    ['0', { intValue: '0' }],
    ['-0', { intValue: '0' }],
    ['80', { intValue: '80' }],
    ['9007199254740993', { intValue: '9007199254740993' }],
    ['9223372036854775807', { intValue: '9223372036854775807' }],
    ['9223372036854775808', { stringValue: '9223372036854775808' }],
    ['-9223372036854775808', { intValue: '-9223372036854775808' }],
    ['-9223372036854775809', { stringValue: '-9223372036854775809' }],
    ['3.0', { doubleValue: 3 }],
    ['-0.0', { doubleValue: -0 }],
    ['1e+21', { doubleValue: 1e21 }],
    ['1E3', { doubleValue: 1000 }],
    ['2.2250738585072014e-308', { doubleValue: 2.2250738585072014e-308 }],
    ['1e400', { stringValue: '1e400' }],
  ];
  for (const [literal, value] of cases)
    t.same(readMembers(`{"n":${literal}}`), [{ key: 'n', value }], literal);
});

t.test('equal keys, in their order', async (t) => {
  t.same(
    readMembers('{"a":1,"b":{"a":2,"a":3},"a":null}').map(({ key, value }) => [key, JSON.stringify(value)]),
    [
      ['a', '{"intValue":"1"}'],
      [
        'b',
        '{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"2"}},{"key":"a","value":{"intValue":"3"}}]}}',
      ],
      ['a', '{}'],
    ],
  );
});

t.test('texts', async (t) => {
  const value = (text: string) => readMembers(`{"t":${text}}`)[0]!.value;
  t.same(value('"a\\\\"'), { stringValue: 'a\\' }, 'an escaped backslash ends no string');
  t.same(value('"\\\\\\"b"'), { stringValue: '\\"b' });
  t.same(value('"\\ud83d\\ude00"'), { stringValue: '😀' });
  t.same(value('"x\\ud800y"'), { stringValue: 'x\ufffdy' }, 'half a pair is no text');
  t.same(value('"\u2028\u0085"'), { stringValue: '\u2028\u0085' });
});

t.test('what is no JSON does not hang it', async (t) => {
  for (const text of [
    '',
    '{',
    '{"a',
    '{"a":',
    '{"a":1',
    '{"a":[',
    '{"a":tru',
    '{"a":"\\"',
    '{a:1}',
    '{"a":x}',
  ]) {
    t.throws(() => readMembers(text), SyntaxError, text);
  }
});
