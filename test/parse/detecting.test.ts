import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Batch } from '../../lib/batch/batch.ts';
import { Wants } from '../../lib/batch/wants.ts';
import { type DetectedFraming, openFramer } from '../../lib/framings/index.ts';
import { DetectingParser } from '../../lib/parse/detecting.ts';
import { ReferenceParser } from '../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../lib/parse/objects/vocabulary.ts';
import type { Parser } from '../../lib/parse/parser.ts';
import { holds } from '../helpers/holds.ts';

const samples: readonly [DetectedFraming, string][] = [
  ['ndjson', '{"a":1}\n\noops\n{"b":2}'],
  ['json', '{\n  "a": 1\n}\n[{"b":2}]'],
  ['kubectl', '[pod/p/c] {"a":1}\n2024-04-01T13:37:00Z {"b":2}\n'],
  ['stern', 'op-1 c {"a":1}\n+ op-1 › c\nop-1 c 2024-04-01T13:37:00Z {"b":2}\n'],
  [
    'cri',
    '2024-04-01T13:37:00Z stdout F {"a":1}\n2024-04-01T13:37:00Z stdout P {"b"\n2024-04-01T13:37:00Z stdout F :2}\n',
  ],
  ['docker', '{"log":"{\\"a\\":1}\\n","stream":"stdout","time":"t"}\n'],
  ['fluentd', '{"log":"{\\"a\\":1}","kubernetes":{"pod_name":"p"}}\noops\n{"b":2}\n'],
  ['tracing', '2024-04-01T13:37:00Z  INFO a: b\nmore\n\n2024-04-01T13:37:00Z  WARN a: c d=1\n{"b":2}\n'],
  ['exposition', '# TYPE x counter\nx 1\nx{a="b"} 2\n'],
];

function open(framing: DetectedFraming): Parser {
  const input = { name: '-', framing };
  const limits = { maxRecordBytes: 1000, maxDepth: 100 };
  const framer = openFramer(framing, { input, limits, sourceId: 'test' });
  return new ReferenceParser({ input, framer, vocabulary: new Vocabulary(new Wants()), limits });
}

/** A parser that says what it detected. */
function detecting(): { parser: DetectingParser; detected: DetectedFraming[] } {
  const detected: DetectedFraming[] = [];
  const parser = new DetectingParser((framing) => {
    detected.push(framing);
    return open(framing);
  });
  return { parser, detected };
}

/** What a parser makes of a text that comes in chunks of these sizes, the last of them being used for the rest. */
async function read(parser: Parser, text: string, sizes: readonly number[] = [1 << 20]) {
  const bytes = Buffer.from(text);
  const found = { records: [] as unknown[], rejected: [] as unknown[], consumed: 0 };
  const take = async (batches: Iterable<Batch> | AsyncIterable<Batch>): Promise<void> => {
    for await (const batch of batches) {
      for (let row = 0; row < batch.rows; row++) found.records.push(batch.object(row));
      for (const { offset, length, reason } of batch.rejected) found.rejected.push([offset, length, reason]);
      found.consumed += batch.consumed;
      batch.release();
    }
  };
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[Math.min(k, sizes.length - 1)]!;
    const lent = Buffer.from(bytes.subarray(at, at + size));
    await take(parser.push(lent));
    // a chunk is its owner's again once it was read
    lent.fill(0x7b);
    at += size;
  }
  await take(parser.end());
  return found;
}

t.test('it gives what the parser of the framing gives', async (t) => {
  for (const [framing, text] of samples) {
    const { parser, detected } = detecting();
    t.same(await read(parser, text), await read(open(framing), text), framing);
    t.same(detected, [framing]);
  }
});

t.test('an empty input has a framing too', async (t) => {
  const { parser, detected } = detecting();
  t.same(await read(parser, ''), { records: [], rejected: [], consumed: 0 });
  t.same(detected, ['ndjson']);
});

t.test('any chunks give the same', async () => {
  const bit = fc.constantFrom(...samples.map(([, text]) => text), '\n', ' ', '{', 'banner\n', '\ufeff');
  const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  await holds(
    t,
    fc.asyncProperty(fc.array(bit, { maxLength: 6 }), anySizes, async (bits, sizes) => {
      const text = bits.join('');
      const whole = detecting();
      const cut = detecting();
      const expected = await read(whole.parser, text);
      assert.deepEqual(await read(cut.parser, text, sizes), expected);
      assert.deepEqual(cut.detected, whole.detected);
      assert.equal(expected.consumed, Buffer.byteLength(text));
    }),
  );
});

t.test('what is left of the input is read when its framing is known only then', async (t) => {
  const { parser, detected } = detecting();
  const records: unknown[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"a":1}\n{"b"');
    yield Buffer.from(':2}\n');
  }
  for await (const batch of parser.rest({ bytes })) {
    for (let row = 0; row < batch.rows; row++) records.push(batch.object(row));
  }
  t.same(records, [{ a: 1 }, { b: 2 }]);
  t.same(detected, ['ndjson']);
});
