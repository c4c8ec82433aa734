import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Flow, Picks } from '../../../lib/batch/batch.ts';
import { selectKeys } from '../../../lib/events/encode-passed.ts';
import { encodePicks } from '../../../lib/handlers/encode/index.ts';
import { LineBuffer } from '../../../lib/handlers/encode/line-buffer.ts';
import { lineCutter } from '../../../lib/parse/scanner/line-cutter.ts';
import { toOneLine } from '../../../lib/text/json.ts';
import { holds } from '../../helpers/holds.ts';
import { handlerConfig, picksOf, recordsFlow, testContext } from './support.ts';

const config = handlerConfig({});

/** A buffer that has held enough for the cutter to be used, or nothing yet. */
function bufferThatHeld(total: number): LineBuffer {
  const buffer = new LineBuffer();
  buffer.total = total;
  return buffer;
}

const used = bufferThatHeld(1e9);

function encode(flow: Flow, picks: Picks, into: LineBuffer): string[] {
  const { bytes, ends } = encodePicks(flow, picks, config, testContext(), { into });
  t.equal(ends.at(-1) ?? 0, bytes.length);
  return [...ends].map((end, k) => bytes.toString('utf8', k === 0 ? 0 : ends[k - 1], end - 1));
}

const keys = ['count', 'p50', 'p99', 'm1_rate', 'mean', 'é', 'a "quoted" key', 'long'.repeat(12), ''];
const space = fc.constantFrom('', '', '', ' ', '\t', '  ');
const scalar = fc.constantFrom('1', '-0.5e+10', '123456789.123456789', 'true', 'null', '"s"', '"}\\"],"');
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.constantFrom('{"metrics":{"count":1}}', '[1,{"p50":[]}]', '{}', '[ ]', '"\\\\"', '"é\\u00e9"'),
);

/** JSON of an object as a program might write it: any spacing, order, repetition. */
function object(name: fc.Arbitrary<string>, content: fc.Arbitrary<string>, maxLength: number) {
  const quoted = name.chain((text) => {
    const plain = JSON.stringify(text);
    const escaped = `"${[...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
    return fc.oneof({ weight: 40, arbitrary: fc.constant(plain) }, fc.constant(escaped));
  });
  const member = fc.tuple(space, quoted, space, space, content, space).map(([a, key, b, c, text, d]) => {
    return `${a}${key}${b}:${c}${text}${d}`;
  });
  return fc.tuple(space, fc.array(member, { maxLength })).map(([a, all]) => `{${a}${all.join(',')}}`);
}

const metrics = object(fc.constantFrom(...keys), value, 8);
const record = object(
  fc.constantFrom('metrics', 'metric', 'tags', 'timestamp', 'x'.repeat(40)),
  fc.oneof(metrics, value),
  5,
);
const wanted = fc.option(fc.subarray(keys), { nil: undefined });

t.test('the cutter was built', async (t) => {
  t.ok(lineCutter());
});

t.test('property: records are cut as selectKeys does, by the cutter and without it', async (t) => {
  const records = fc.array(fc.tuple(record, wanted), { minLength: 1, maxLength: 12 });
  const ends = fc.constantFrom('', '', '\r');
  holds(
    t,
    fc.property(records, ends, fc.boolean(), (all, end, repeated) => {
      const flow = recordsFlow(all.map(([text]) => text + end));
      const rows = all.map((_, row) => row);
      const picked = repeated ? [...rows, ...rows] : rows;
      const picks = picksOf(
        picked,
        picked.map((row) => all[row]![1]),
      );
      const expected = picked.map((row) => {
        const [text, some] = all[row]!;
        return some === undefined ? text : selectKeys(Buffer.from(text), some).toString();
      });
      assert.deepEqual(encode(flow, picks, used), expected);
      assert.deepEqual(encode(flow, picks, bufferThatHeld(0)), expected);
    }),
    { numRuns: 1000 },
  );
});

t.test('a lone CR in a record is taken out of it, whatever way it goes', async (t) => {
  const text = '{"a":\r1,"metrics":{"count":1,\r"mean":2}}';
  const flow = recordsFlow(['{"b":1}', text]);
  for (const into of [used, bufferThatHeld(0)]) {
    t.same(encode(flow, picksOf([0, 1]), into), ['{"b":1}', toOneLine(Buffer.from(text)).toString()]);
    t.same(encode(flow, picksOf([1], ['mean']), into), ['{"a":1,"metrics":{"mean":2}}']);
  }
});

t.test('batches of any size, one after the other, and one by several handlers', async (t) => {
  const other = bufferThatHeld(1e9);
  for (const size of [10, 300_000, 2_000, 1_500_000]) {
    const texts = [`{"metrics":{"pad":"${'x'.repeat(size)}","count":1}}`, '{"metrics":{"count":2,"mean":3}}'];
    const flow = recordsFlow(texts);
    for (const into of [used, other]) {
      t.same(encode(flow, picksOf([0, 1], [['count'], ['mean']]), into), [
        '{"metrics":{"count":1}}',
        '{"metrics":{"mean":3}}',
      ]);
      const [whole] = encode(flow, picksOf([0]), into);
      t.ok(whole === texts[0]);
    }
  }
});

t.test('ever new choices of keys', async (t) => {
  const flow = recordsFlow(['{"metrics":{"count":1,"mean":2}}']);
  for (let k = 0; k < 3000; k++) {
    const choice = ['mean', `${'other'.repeat(20)}${k}`];
    const [line] = encode(flow, picksOf([0], [choice]), used);
    if (line !== '{"metrics":{"mean":2}}') t.fail(`choice ${k}: ${line}`);
  }
});

t.test('property: whole records out of shared memory, as they stand, whichever are picked', async (t) => {
  const line = fc.tuple(fc.nat(120), fc.constantFrom('', '', '\r'), fc.boolean());
  const batches = fc.array(
    fc.tuple(fc.array(line, { minLength: 1, maxLength: 40 }), fc.boolean(), fc.boolean()),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  holds(
    t,
    fc.property(batches, (batches) => {
      const into = new LineBuffer();
      for (const [lines, endsWithNewline, repeated] of batches) {
        const texts = lines.map(([size], k) => `{"n":${k},"pad":"${'é'.repeat(size)}"}`);
        const { batch } = recordsFlow(texts.map((text, k) => text + lines[k]![1]));
        const size = batch.bytes.length - (endsWithNewline ? 0 : 1);
        const bytes = Buffer.from(new SharedArrayBuffer(size));
        bytes.set(batch.bytes.subarray(0, size));
        const flow = { batch: { ...batch, bytes }, from: 0, to: batch.rows, report: false };
        const some = lines.flatMap(([, , picked], row) => (picked ? [row] : []));
        const rows = repeated ? [...some, ...some] : some;
        const picks = { ...picksOf(rows), keys: [] };
        assert.deepStrictEqual(
          encode(flow, picks, into),
          rows.map((row) => texts[row]),
        );
      }
    }),
    { numRuns: 500 },
  );
});
