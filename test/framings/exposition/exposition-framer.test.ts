import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { ExpositionFramer } from '../../../lib/framings/exposition/exposition-framer.ts';
import { parseSample } from '../../../lib/text/exposition-sample.ts';
import { holds } from '../../helpers/holds.ts';
import { anyChunks, collect } from '../collect.ts';

function framer(maxRecordBytes = 1000): ExpositionFramer {
  return new ExpositionFramer({ maxRecordBytes, sourceId: 'opérateur "1"' });
}

function events(input: string): Record<string, unknown>[] {
  return collect(framer(), input).records.map(([, bytes]) =>
    JSON.parse(Buffer.from(bytes, 'latin1').toString()),
  );
}

const exposition = `# HELP mirrord_sessions_create_total Sessions "created"
# TYPE mirrord_sessions_create_total counter
mirrord_sessions_create_total{client_hostname="mac-1",client_name="Inês \\"D\\" \\\\ \\n",} 3
mirrord_license_valid_seconds 1.5e+06 1712000000123

  # a comment
http_bucket{le="+Inf"} 17 # {trace_id="abc"} 0.67 1520879607.789
go_info{__proto__="x"} 1
seconds 2 1712000000.25
# EOF
`;

t.test('each sample becomes an event of OpenZiti', async (t) => {
  const common = { metric_type: 'floatValue', namespace: 'metrics', source_id: 'opérateur "1"', version: 2 };
  const made = events(exposition);
  t.same(made.slice(0, 3), [
    {
      ...common,
      metric: 'mirrord_sessions_create_total',
      metrics: { value: 3 },
      tags: { client_hostname: 'mac-1', client_name: 'Inês "D" \\ \n' },
    },
    {
      ...common,
      timestamp: { seconds: 1_712_000_000, nanos: 123_000_000 },
      metric: 'mirrord_license_valid_seconds',
      metrics: { value: 1_500_000 },
    },
    { ...common, metric: 'http_bucket', metrics: { value: 17 }, tags: { le: '+Inf' } },
  ]);
  t.same(Object.getOwnPropertyNames(made[3]!.tags), ['__proto__']);
  t.same(made[4]!.timestamp, { seconds: 1_712_000_000, nanos: 250_000_000 }, 'the seconds of OpenMetrics');
  t.equal(made.length, 5);
  const { rejected, consumed } = collect(framer(), exposition);
  t.same([rejected, consumed], [[], Buffer.byteLength(exposition)]);
});

t.test('numbers keep their digits where JSON can write them', async (t) => {
  for (const [text, json] of [
    ['9007199254740993', '9007199254740993'],
    ['1.50', '1.50'],
    ['-0', '-0'],
    ['1e+06', '1e+06'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['007', '7'],
  ] as const) {
    t.equal(parseSample(`x ${text}`)?.value, json, text);
  }
});

t.test('what is no sample, or has a value that JSON lacks, is rejected with its place', async (t) => {
  const bad = [
    'x',
    'x y',
    'x NaN',
    'x +Inf',
    'x -Inf',
    'x 1e999',
    '1x 5',
    'x{a="b" 1',
    'x{a=b} 1',
    'x{a="b"c="d"} 1',
    'x{a="1",a="2"} 1',
    'x{a="\\q"} 1',
    'x 1 2 3',
    'x 1 noon',
    'x 0x10',
    'x 1_000',
    '{a="b"} 1',
    'x{a="b"}',
    'x{a="} 1',
    'x\xa01',
  ];
  for (const line of bad) {
    const bytes = Buffer.from(line).toString('latin1');
    const { records, rejected, consumed } = collect(framer(), `ok 1\r\n${line}\r\nok 2\n`);
    t.equal(records.length, 2, line);
    t.same(rejected, [[6, bytes.length, 'bad-framing', bytes]], line);
    t.equal(consumed, bytes.length + 13);
  }
  const invalid = collect(framer(), Buffer.from('x{a="\xff"} 1\n', 'latin1'));
  t.same(invalid.rejected, [[0, 10, 'invalid-utf8', 'x{a="\xff"} 1']]);
  t.same(invalid.records, []);
});

t.test('odd but right lines', async (t) => {
  t.same(parseSample('\tx{ a = "b" , c="" , } \t1\t2 '), {
    name: 'x',
    labels: [
      ['a', 'b'],
      ['c', ''],
    ],
    value: '1',
    time: 2,
  });
  t.same(parseSample('x{} 1')?.labels, []);
  t.same(parseSample('x{a="# {"}1')?.labels, [['a', '# {']]);
  t.same(parseSample(':a:b_1 1 -5')?.time, -5);
});

t.test('a line of the limit is taken, a longer one is not, comment or sample', async (t) => {
  const sample = (length: number): string => `x{a="${'v'.repeat(length - 9)}"} 1`;
  for (const sizes of [[1], [1 << 20]]) {
    const text = `${sample(100)}\n${sample(101)}\n#${'c'.repeat(5000)}\r\nx 1\n`;
    const { records, rejected, consumed } = collect(framer(100), text, sizes);
    t.equal(records.length, 2);
    t.same(
      rejected.map(([offset, length, reason]) => [offset, length, reason]),
      [
        [101, 101, 'too-long'],
        [203, 5001, 'too-long'],
      ],
    );
    t.equal(rejected[1]![3].length, 1024);
    t.equal(consumed, text.length);
  }
});

t.test('nothing stays behind in split2, however much comes at once', async (t) => {
  const { rows, consumed } = collect(framer(), 'x 1\n'.repeat(50_000), [200_000]);
  t.same(
    rows.reduce((sum, count) => sum + count, 0),
    50_000,
  );
  t.ok(rows.every((count) => count <= 4096));
  t.equal(consumed, 200_000);
});

t.test('a giant label value', async (t) => {
  const value = 'v\\n'.repeat(300_000);
  const { records } = collect(framer(1 << 20), `x{a="${value}"} 1\n`);
  t.equal(records.length, 1);
});

t.test('any chunks give the same', async () => {
  const line = fc.constantFrom(
    '',
    '# TYPE x counter',
    'x 1',
    'x{a="é"} 2 5',
    'x NaN',
    'oops',
    '#',
    '\ufeffx 1',
    `x{a="${'v'.repeat(60)}"} 1`,
    `x{a="${'v'.repeat(3000)}"} 1`,
    '\r',
  );
  holds(
    t,
    fc.property(
      fc.array(line, { maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      anyChunks,
      (lines, end, chunks) => {
        const bytes = Buffer.from(lines.join(end));
        const whole = collect(framer(64), bytes);
        const cut = collect(framer(64), bytes, chunks);
        // Offsets of made records tell nothing.
        assert.deepEqual(
          cut.records.map(([, text]) => text),
          whole.records.map(([, text]) => text),
        );
        assert.deepEqual(cut.rejected, whole.rejected);
        assert.equal(cut.consumed, bytes.length);
        assert.equal(whole.consumed, bytes.length);
      },
    ),
  );
});

t.test('each event knows the line that it was made from', async (t) => {
  const framer = new ExpositionFramer({ maxRecordBytes: 100, sourceId: 's' });
  const input = '# TYPE x counter\nx{a="é"} 1\r\n\ny 2';
  const frames = [...framer.push(Buffer.from(input)), ...framer.end()];
  const origins = frames.flatMap(({ origin, count }) =>
    Array.from({ length: count }, (_, k) => [origin!.offset[k], Buffer.from(origin!.bytes[k]!).toString()]),
  );
  t.same(origins, [
    [17, 'x{a="é"} 1'],
    [31, 'y 2'],
  ]);
});
