import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Input } from '../../../lib/batch/batch.ts';
import type { Read } from '../../../lib/commands/following.ts';
import { inStretches } from '../../../lib/commands/states/stretches.ts';

t.setTimeout(600_000);
const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

interface Told {
  readonly bytes: string;
  /** Offsets, each with the last bytes before it. */
  readonly halts: readonly (readonly [number, string])[];
}

/** Reads as the pipeline does: a rest to its end before the next chunk is asked for. */
async function told(chunks: AsyncIterable<Read>, length: number, wanted?: () => number): Promise<Told> {
  let bytes = '';
  const halts: [number, string][] = [];
  let at = 0;
  let isFirst = true;
  for await (const chunk of inStretches(chunks, { length, wanted })) {
    if ('halt' in chunk) {
      const tail = Buffer.from(chunk.tail).toString();
      if (!bytes.endsWith(tail) || !bytes.endsWith('\n')) throw new Error('it ends elsewhere');
      if (chunk.isFixed) halts.push([chunk.offset, bytes.slice(-5)]);
      else if (wanted === undefined) throw new Error('nobody wanted it');
      continue;
    }
    if (isFirst) at = chunk.input.from ?? 0;
    isFirst = false;
    const pieces = 'rest' in chunk ? chunk.rest.bytes(chunk.rest.file && at) : [chunk.bytes];
    for await (const piece of pieces) {
      bytes += Buffer.from(piece).toString();
      at += piece.length;
    }
  }
  return { bytes, halts };
}

async function* cut(input: Input, text: string, size: number, rest: number): AsyncGenerator<Read> {
  const all = Buffer.from(text);
  let at = 0;
  for (; at < Math.min(rest, all.length); at += size) {
    yield { input, bytes: all.subarray(at, Math.min(at + size, rest, all.length)) };
  }
  const from = Math.min(at, rest, all.length);
  if (from >= all.length) return;
  async function* left(): AsyncGenerator<Uint8Array> {
    for (let next = from; next < all.length; next += size) yield all.subarray(next, next + size);
  }
  yield { input, rest: { bytes: left } };
}

const texts = fc
  .array(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), { maxLength: 40 })
  .map((lines) => lines.join('\n'));

t.test('halts are places of the input, however it comes, and nothing is lost', async (t) => {
  const holds = fc.asyncProperty(
    texts,
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 5, max: 200 }),
    fc.nat(400),
    async (text, size, length, rest) => {
      const input = { name: 'x', framing: '' };
      const whole = await told(cut(input, text, text.length + 1, text.length), length);
      const other = await told(cut(input, text, size, rest), length);
      if (JSON.stringify(other) !== JSON.stringify(whole) || whole.bytes !== text) return false;
      // halts that the clock wants change nothing of the others
      const often = await told(cut(input, text, size, rest), length, () => size);
      if (JSON.stringify(often) !== JSON.stringify(whole)) return false;
      // a run that goes on from a halt comes to those behind it
      const [first] = whole.halts;
      if (first === undefined) return true;
      const on = { ...input, from: first[0] };
      const later = await told(cut(on, text.slice(first[0]), size, rest), length);
      return later.halts.every(([at], k) => at === whole.halts[k + 1]![0]);
    },
  );
  await t.resolves(fc.assert(holds, { seed: 21, numRuns: 500 }));
});

t.test('a file is read in ranges that end at the same places', async (t) => {
  const path = join(folder, 'log');
  const lines = Array.from({ length: 3000 }, (_, k) => `${k} ${'x'.repeat(k % 300)}`);
  const text = `${lines.join('\n')}\n${'y'.repeat(200_000)}\nlast`;
  await writeFile(path, text);
  const handle = await open(path);
  t.teardown(() => handle.close());
  for (const length of [10_000, 100_000, 1 << 20]) {
    const input = { name: path, framing: '' };
    async function* chunks(): AsyncGenerator<Read> {
      yield { input, bytes: Buffer.from(text.slice(0, 5000)) };
      const bytes = async function* (from = 5000) {
        yield Buffer.from(text.slice(from, from + 70_000));
        if (from + 70_000 < text.length) yield Buffer.from(text.slice(from + 70_000));
      };
      const file = { descriptor: handle.fd, from: 5000, to: text.length, progress: () => {} };
      yield { input, rest: { bytes, file } };
    }
    const whole = await told(cut(input, text, text.length, text.length), length);
    t.same(await told(chunks(), length), whole, `${length}`);
  }
});
