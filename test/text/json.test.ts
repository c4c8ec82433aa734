import fc from 'fast-check';
import t from 'tap';
import {
  elements,
  endsObject,
  firstOfSeveral,
  locate,
  members,
  nestsDeeperThan,
  stringAt,
} from '../../lib/text/json.ts';
import { holds } from '../helpers/holds.ts';

function found(text: string, path: readonly string[]): string | undefined {
  const around = Buffer.from(`xx${text}yy`);
  const span = locate(around, 2, around.length - 2, path);
  return span === undefined ? undefined : around.toString('utf8', span.start, span.end);
}

t.test('finds the bytes of a value', async (t) => {
  t.equal(found('{"a":1}', ['a']), '1');
  t.equal(found(' { "a" : { "b" : 9007199254740993 , "c":2 } } ', ['a', 'b']), '9007199254740993');
  t.equal(found('{"x":"}\\"{","a":[1,{"a":2}],"b":-1.50e+3}', ['b']), '-1.50e+3');
  t.equal(found('{"x":"\\\\","a":true}', ['a']), 'true');
  t.equal(found('{"a":{"b":{"c":"ü"}}}', ['a', 'b', 'c']), '"ü"');
  t.equal(found('{"a":1}', []), '{"a":1}');
  t.equal(found('{}', ['a']), undefined);
  t.equal(found('{"a":1}', ['a', 'b']), undefined);
  t.equal(found('{"a":[1]}', ['a', '0']), undefined);
  t.equal(found('[{"a":1}]', ['a']), undefined);
});

t.test('the last of equal keys counts, at every level', async (t) => {
  t.equal(found('{"a":1,"a":2.0}', ['a']), '2.0');
  t.equal(found('{"a":{"b":1},"a":{"c":2}}', ['a', 'b']), undefined);
  t.equal(found('{"a":{"b":1},"a":{"b":2,"b":3}}', ['a', 'b']), '3');
});

t.test('keys are compared as text, not as bytes', async (t) => {
  t.equal(found('{"\\u0061":7}', ['a']), '7');
  t.equal(found('{"a\\"b":7}', ['a"b']), '7');
  t.equal(found('{"é":7}', ['é']), '7');
  t.equal(found('{"\\u00e9":7}', ['é']), '7');
  t.equal(found('{"\\ud800":7}', ['\ud800']), '7');
  t.equal(found('{"__proto__":7}', ['__proto__']), '7');
});

t.test('agrees with JSON.parse', async () => {
  const layout = fc.constantFrom(undefined, 1, '\t');
  holds(
    t,
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'ü', '"', '\\'), fc.jsonValue()),
      layout,
      (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        // not what JSON.parse makes of the whole text: V8 of Node 24 may take the key `"` for `\\`, or the other way
        for (const key of Object.keys(value)) {
          const span = found(text, [key]);
          if (span === undefined || JSON.stringify(JSON.parse(span)) !== JSON.stringify(value[key]))
            return false;
        }
        return found(text, ['absent']) === undefined;
      },
    ),
  );
});

/** Whatever it is: no endless loop, and nothing outside of the bytes. */
function comes(text: string): boolean {
  const bytes = Buffer.from(text);
  const spans = members(bytes).flatMap(({ key, value }) => [key, value]);
  const depth = nestsDeeperThan(50, bytes, 0, bytes.length);
  return !depth && spans.every(({ start, end }) => start <= end && end <= bytes.length);
}

t.test('an answer comes even where the JSON is broken', async () => {
  holds(
    t,
    fc.property(fc.array(fc.constantFrom(...'{}[]":,\\a1 '), { maxLength: 40 }), (characters) => {
      return comes(`{"a"${characters.join('')}`);
    }),
  );
});

t.test('the members of an object, equal keys included, and the elements of an array', async (t) => {
  const text = ' { "a" : [1, {"x":[2]}] , "b\\"":"}", "a":null } ';
  const bytes = Buffer.from(text);
  const slice = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  t.same(
    members(bytes, 0, bytes.length).map(({ key, value }) => [slice(key), slice(value)]),
    [
      ['"a"', '[1, {"x":[2]}]'],
      ['"b\\""', '"}"'],
      ['"a"', 'null'],
    ],
  );
  const [first] = members(bytes, 0, bytes.length);
  t.same(elements(bytes, first!.value.start, first!.value.end).map(slice), ['1', '{"x":[2]}']);
  for (const other of ['', '[]', '5', '{}', '[', '[1', '{"a"', '{"a":']) {
    const odd = Buffer.from(other);
    t.ok(members(odd, 0, odd.length).length + elements(odd, 0, odd.length).length <= 1, other);
  }
});

t.test('the first of several equal keys, and nothing of a single one', async (t) => {
  const first = (text: string) => {
    const bytes = Buffer.from(text);
    const span = firstOfSeveral(bytes, 0, bytes.length, 'k');
    return span && text.slice(span.start, span.end);
  };
  t.equal(first('{"k":1,"\\u006b":2}'), '1');
  t.equal(first('{"k":1,"a":{"k":2}}'), undefined);
  t.equal(first('{}'), undefined);
});

t.test('how deep a text nests, valid or not, strings aside', async (t) => {
  const depths = (text: string) => {
    const bytes = Buffer.from(`[${text}]`);
    return [0, 1, 2, 3].filter((limit) => nestsDeeperThan(limit, bytes, 1, bytes.length - 1)).length;
  };
  t.equal(depths('1'), 0);
  t.equal(depths('{"a":[{}]}'), 3);
  t.equal(depths('{"a[[[\\"[[":1}'), 1);
  t.equal(depths(']]][[[['), 1, 'below nought, too');
  t.equal(depths('[["[[['), 2, 'a string that is not closed');
});

t.test('the text of a key, escapes considered', async (t) => {
  const keys = members(Buffer.from('{"a":1,"\\u00fc\\"":2,"ü":3,"":4}')).map(({ key }) => key);
  const bytes = Buffer.from('{"a":1,"\\u00fc\\"":2,"ü":3,"":4}');
  t.same(
    keys.map((key) => stringAt(bytes, key)),
    ['a', 'ü"', 'ü', ''],
  );
});

t.test('whether an object ends there that is whole, whatever stands before it', async (t) => {
  const ends = (text: string): boolean => endsObject(Buffer.from(text));
  for (const text of ['{}', 'pod | {"a":{"b":"}"}} \r', 'ü {"a":1}']) t.ok(ends(text), text);
  for (const text of ['', '1', 'a=12', '{"a":{}', '{"a":"}', 'INFO span{a=1}', '}', '{"a":1}]']) {
    t.notOk(ends(text), text);
  }
});
