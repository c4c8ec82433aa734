import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { LineWriters } from '../../../lib/tracing/text/line-writers.ts';
import { readText } from '../../../lib/tracing/text/text-to-json.ts';
import { holds } from '../../helpers/holds.ts';
import { logOf } from './events.ts';

const writers = new LineWriters();
const time = '2024-04-01T13:37:00.123456Z';
const ansiHead = `\x1b[2m${time}\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mop::s\x1b[0m\x1b[2m:\x1b[0m `;
const mark = (name: string): string => ` \x1b[3m${name}\x1b[0m\x1b[2m=\x1b[0m`;

function written(text: string): { json: string; finished: boolean } | undefined {
  const read = writers.read(Buffer.from(text));
  return read && { json: Buffer.from(read.json).toString(), finished: read.finished };
}

t.test('simple lines are written as the reader of texts has them', async (t) => {
  for (const body of [
    ` INFO op::session: Session Start target="deployment/web" session_id=42 ok=true ratio=-1.5e-7`,
    'DEBUG op: x',
    ' WARN op: ',
    'TRACE op::metrics: monotonic_counter.mirrord_x=13 port=80',
    'ERROR op::a: failed (for good): "why = 1" error="a \\"b\\"\\n\\tc\\\\ it\\\'s" n=0',
    ` INFO op::a: can't x=Some("h i=2") y=[1, 2] z=a b w='"' v=NaN u=inf t=-0 s=007`,
    ' INFO op::a: ünï x="Jürgen" y=東京 z=99999999999999999 a=0.12345678901234567890123',
  ]) {
    const text = `${time} ${body}`;
    t.same(written(text), readText(text), body);
  }
  for (const body of ['said', 'said a=1', `said${mark('k')}1${mark('a.b')}"x \\" y"${mark('c')}a (b`]) {
    t.same(written(`${ansiHead}${body}`), readText(`${ansiHead}${body}`), JSON.stringify(body));
  }
});

t.test('what is not simple is left to it', async (t) => {
  for (const body of [
    ' INFO session{id=1}: op::a: x',
    ' INFO session: op::a: x',
    ' INFO op::a: src/b.rs:12: x',
    ' INFO op::a: a="b" said',
    ' INFO op::a: x open="(" y=(a',
    ' INFO op::a: x y="\\u{fe}"',
    ' INFO op::a: x y=18446744073709551616',
    ' NOTE op::a: x',
  ]) {
    t.equal(written(`${time} ${body}`), undefined, body);
  }
  t.equal(written(`  ${time}  INFO op::a: x`), undefined);
});

t.test('of the lines that tracing itself wrote', async (t) => {
  for (const layout of ['full', 'compact', 'full_ansi'] as const) {
    let simple = 0;
    for (const line of logOf(layout).toString().split('\n')) {
      const found = written(line);
      if (found === undefined) continue;
      simple++;
      if (found.json !== readText(line)?.json || found.finished !== readText(line)?.finished) t.fail(line);
    }
    t.ok(simple > 100, `${layout}: ${simple} lines`);
  }
});

const bits = [
  ...['a', 'b=', ' k=', '1', '-', '.5', 'e', 'true', 'NaN', ' ', ': ', '::', ':', '=', ',', '.rs:1: '],
  ...['"', '\\', '\\"', '\\n', "'", "'('", '(', ')', '[', ']', '{', '}', 'ü', '\u2028', '\0', '\t'],
  ...['"x y"', ' c="d"', ' n=12', '\x1b', '\x1b[3m', '\x1b[0m', mark('k'), mark('a.b'), '00', 'inf'],
];

t.test('whatever a line holds, it is written as the reader has it, or not at all', async () => {
  const head = fc.constantFrom(`${time}  INFO `, `${time}  INFO op::s: `, `${time} DEBUG op: m`, ansiHead);
  const body = fc.array(fc.constantFrom(...bits), { maxLength: 14 });
  holds(
    t,
    fc.property(head, body, (head, body) => {
      const text = head + body.join('');
      const found = written(text);
      if (found !== undefined) assert.deepEqual(found, readText(text), JSON.stringify(text));
    }),
    { numRuns: 20_000 },
  );
});
