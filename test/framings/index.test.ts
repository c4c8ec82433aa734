import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Framer } from '../../lib/batch/framer.ts';
import { type DetectedFraming, framings, openFramer } from '../../lib/framings/index.ts';
import { holds } from '../helpers/holds.ts';
import { anyChunks, collect } from './collect.ts';

function open(name: DetectedFraming, records?: string): { framer: Framer; framing: () => string } {
  const input = { name: '-', framing: '' };
  const framer = openFramer(name, { input, limits: { maxRecordBytes: 1000 }, records, sourceId: 'test' });
  return { framer, framing: () => input.framing };
}

const samples: Record<DetectedFraming, string> = {
  ndjson: '{"a":1}\n\noops\n{"b":2}',
  json: '{\n  "a": 1\n}\n[{"b":2}]',
  kubectl: '[pod/p/c] {"a":1}\n2024-04-01T13:37:00Z {"b":2}\n',
  prefixed: 'web-1  | {"a":1}\nApr  1 13:37:00 host op[1]: {"b":2}\n',
  stern: 'op-1 c {"a":1}\n+ op-1 › c\nop-1 c 2024-04-01T13:37:00Z {"b":2}\n',
  cri: '2024-04-01T13:37:00Z stdout F {"a":1}\n2024-04-01T13:37:00Z stdout P {"b"\n2024-04-01T13:37:00Z stdout F :2}\n',
  docker:
    '{"log":"{\\"a\\":1}\\n","stream":"stdout","time":"t"}\n{"log":"{\\"b\\":2}","stream":"stdout","time":"t"}\n',
  fluentd: '{"log":"{\\"a\\":1}","kubernetes":{"pod_name":"p"}}\noops\n{"b":2}\n',
  tracing: '2024-04-01T13:37:00Z  INFO a: b\nmore\n\n2024-04-01T13:37:00Z  WARN a: c d=1\n{"b":2}\n',
  exposition: '# TYPE x counter\nx 1\nx{a="b"} 2\n',
};

t.test('every framing can be opened by name, and says so', async (t) => {
  t.same([...framings].sort(), ['auto', ...Object.keys(samples)].sort());
  for (const [name, text] of Object.entries(samples)) {
    const { framer, framing } = open(name as DetectedFraming);
    t.equal(framing(), name);
    t.equal(collect(framer, text).consumed, Buffer.byteLength(text));
  }
});

t.test('a path to records is json', async (t) => {
  const { framer } = open('json', 'hits._source');
  t.same(collect(framer, '{"hits":[{"_source":{"a":1}}]}\n').records, [[20, '{"a":1}']]);
  t.throws(() => open('json', 'a..b'), { code: 'USAGE' });
});

t.test('any chunks give the same', async () => {
  const names = Object.keys(samples) as DetectedFraming[];
  const bit = fc.constantFrom(...Object.values(samples), '\n', ' ', '{', 'banner\n', '\ufeff');
  holds(
    t,
    fc.property(
      fc.constantFrom(...names),
      fc.array(bit, { maxLength: 6 }),
      anyChunks,
      (name, bits, chunks) => {
        const bytes = Buffer.from(bits.join(''));
        const expected = collect(open(name).framer, bytes);
        const actual = collect(open(name).framer, bytes, chunks);
        assert.deepEqual(actual.rejected, expected.rejected);
        assert.deepEqual(
          actual.records.map(([, text]) => text),
          expected.records.map(([, text]) => text),
        );
        assert.equal(actual.consumed, bytes.length);
      },
    ),
  );
});

t.test('where reading is stopped, a last line that may go on was not read', async () => {
  const names = (Object.keys(samples) as DetectedFraming[]).filter((name) => name !== 'json');
  const lines = Object.values(samples).join('\n').split('\n');
  holds(
    t,
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.constantFrom(...lines, 'x 12', '2024-04-01T13:37:00Z  INFO a: b{c=1}: d e=12'), {
        maxLength: 6,
      }),
      fc.nat(),
      (name, some, at) => {
        const whole = Buffer.from(`${some.join('\n')}\n`);
        const bytes = whole.subarray(0, at % (whole.length + 1));
        const cut = collect(open(name).framer, bytes, undefined, true);
        const lf = bytes.lastIndexOf('\n') + 1;
        const last = bytes.toString('utf8', lf);
        const isWhole = last.endsWith('}') && whole.toString('utf8', lf).startsWith(`${last}\n`);
        if (!isWhole || !isObject(last))
          assert.deepEqual(cut, collect(open(name).framer, bytes.subarray(0, lf)));
        else assert.deepEqual(cut, collect(open(name).framer, bytes));
      },
    ),
  );
});

function isObject(line: string): boolean {
  try {
    return JSON.parse(line.slice(line.indexOf('{'))) !== null;
  } catch {
    return false;
  }
}
