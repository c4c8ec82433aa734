import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { OpenFile } from '../../lib/inputs/open-file.ts';
import { type ReadFileOptions, readOpen } from '../../lib/inputs/read-file.ts';

const text = Array.from({ length: 2000 }, (_, k) => `line ${k}\n`).join('');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens a file, reads it from an offset on, and closes it. */
async function* readFile(name: string, options: ReadFileOptions, from = 0): AsyncGenerator<Uint8Array> {
  const file = await OpenFile.open(name);
  try {
    yield* file.read(options, from);
  } finally {
    await file.close();
  }
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let found = '';
  for await (const chunk of chunks) {
    const before = Buffer.from(chunk).toString();
    // meanwhile the next one is read
    await turn();
    if (!Buffer.from(before).equals(chunk)) return 'a chunk was overwritten';
    found += before;
  }
  return found;
}

t.test('a file from anywhere, in chunks of any size', async (t) => {
  const file = join(t.testdir({ 'a.log': text }), 'a.log');
  for (const chunkBytes of [1000, 17_000, undefined]) {
    for (const from of [0, 1, 20_000, text.length]) {
      t.ok((await all(readFile(file, { chunkBytes }, from))) === text.slice(from), `${chunkBytes} ${from}`);
    }
  }
});

t.test('what is open, from where it stands', async (t) => {
  const file = join(t.testdir({ 'a.log': text }), 'a.log');
  const descriptor = openSync(file, 'r');
  readSync(descriptor, Buffer.alloc(100), 0, 100, null);
  t.ok((await all(readOpen(descriptor, { size: text.length, chunkBytes: 700 }))) === text.slice(100));
  closeSync(descriptor);
});

t.test('memory is used again', async (t) => {
  const file = join(t.testdir({ 'a.log': text }), 'a.log');
  const memory = new Set<ArrayBufferLike>();
  for await (const chunk of readFile(file, { chunkBytes: 1000 })) memory.add(chunk.buffer);
  t.equal(memory.size, 2);
});

t.test('what cannot be read fails when it is its turn, and leaving closes the file', async (t) => {
  await t.rejects(readFile(join(t.testdir(), 'none'), {}).next(), { code: 'ENOENT' });
  const chunks = readFile(join(t.testdir({ 'a.log': text }), 'a.log'), { chunkBytes: 1000 });
  await chunks.next();
  await chunks.next();
  await chunks.return(undefined);
  t.equal((await chunks.next()).done, true);
});
