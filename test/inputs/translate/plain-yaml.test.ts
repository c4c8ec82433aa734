import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { parseDocument } from 'yaml';
import { plainYamlToJson } from '../../../lib/inputs/translate/plain-yaml.ts';
import { fixture } from '../../helpers/root.ts';

/** What a reader of all of YAML says; undefined for what is none, or is nothing that entries are made of. */
function whole(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: false, intAsBigInt: true, prettyErrors: false });
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** Integers as their digits. */
const shown = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'undefined';

const scalars = [
  ...[
    'a',
    'a b',
    "it's",
    'say "x"',
    'a: b',
    'a #b',
    'a#b',
    '# c',
    'x:',
    ':x',
    'http://a/b',
    '- a',
    '-a',
    '?',
    '?a',
  ],
  ...[
    '1',
    '-1',
    '0',
    '-0',
    '007',
    '+5',
    '1.5',
    '1.50',
    '-0.25',
    '1e5',
    '1.5e3',
    '.5',
    '5.',
    '0x1F',
    '0o17',
    '1_000',
  ],
  ...[
    '10.0.0.1',
    '1.2.3',
    '2024-04-01',
    '2024-04-01T13:37:00.123Z',
    '12345678901234567890',
    '.inf',
    '-.INF',
    '.nan',
  ],
  ...[
    'true',
    'True',
    'yes',
    'null',
    'NULL',
    '~',
    '',
    ' ',
    '{}',
    '[]',
    '{a: 1}',
    '[1]',
    '&a b',
    '*a',
    '!x y',
    '|',
    '>-',
  ],
  ...[
    "'a'",
    "'it''s'",
    "'a' b",
    "'open",
    "''",
    "'#'",
    '"a"',
    '"a\\n\\t\\"\\\\\\/b"',
    '"\\u0041"',
    '"\\x41"',
    '"open',
    '""',
  ],
  ...[
    '"a" # c',
    'ä ö',
    '日本',
    '😀',
    'a\tb',
    'a ',
    '%a',
    '@a',
    '`a',
    '=',
    '<<',
    '---',
    '...',
    'a---',
    '\u2028',
    '\u0085x',
  ],
];
const keys = [
  'a',
  'b',
  'c.d',
  'e/f',
  'true',
  'null',
  '"q"',
  "'s.t'",
  '"1"',
  '@x',
  'x y',
  '- a',
  '__proto__',
  '1',
  '<<',
  '?',
];
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 2, 2, 4),
    fc.constantFrom(...'abcdefghijklm', ...keys),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('x y', '1', '') }, fc.constantFrom(...scalars)),
  )
  .map(([indent, key, scalar]) => `${' '.repeat(indent)}${key}: ${scalar}`);
const other = fc.constantFrom(
  '',
  '# c',
  'a:',
  '  b:',
  '  more',
  '- a: 1',
  'a:b',
  'b :c',
  '---',
  '...',
  'a: b\r',
);

t.test('what is read is what a reader of all of YAML reads', async (t) => {
  let read = 0;
  const found = fc.check(
    fc.property(
      fc.array(fc.oneof({ weight: 20, arbitrary: line }, other), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (lines, begun) => {
        const text = `${begun ? '---\n' : ''}${lines.join('\n')}\n`;
        const json = plainYamlToJson(text);
        if (json === undefined) return true;
        read++;
        return shown(JSON.parse(json)) === shown(whole(text));
      },
    ),
    { numRuns: 20_000 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
  t.ok(read > 1000, `${read} were read`);
});

t.test('integers keep their digits', async (t) => {
  t.equal(
    plainYamlToJson('---\na: 12845969263990981770\nb:\n  c: 1.50\n'),
    '{"a":12845969263990981770,"b":{"c":1.5}}',
  );
});

t.test('entries as gcloud prints them are read', async (t) => {
  const documents = readFileSync(fixture('framings', 'gcp-yaml.log'), 'utf8').split(/^(?=---\n)/m);
  for (const text of documents) t.equal(shown(JSON.parse(plainYamlToJson(text)!)), shown(whole(text)));
});
