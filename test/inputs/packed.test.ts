import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import type { MirrormonError } from '../../lib/errors.ts';
import { packedError } from '../../lib/inputs/packed.ts';
import { readInputs } from '../../lib/inputs/sources.ts';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
/** As the tools themselves begin their files. */
const heads: Record<string, Buffer> = {
  xz: bytes([0xfd], '7zXZ', [0, 0, 4]),
  bzip2: bytes('BZh91AY&SY'),
  lz4: bytes([4, 0x22, 0x4d, 0x18, 0x64]),
  zip: bytes('PK', [3, 4, 20, 0]),
  '7z': bytes('7z', [0xbc, 0xaf, 0x27, 0x1c, 0, 4]),
  compress: bytes([0x1f, 0x9d, 0x90]),
  lzip: bytes('LZIP', [1]),
};

async function problems(name: string, stdin: Uint8Array[] = []): Promise<{ text: string; said: string[] }> {
  const errors: MirrormonError[] = [];
  const onError = (error: MirrormonError) => errors.push(error);
  let text = '';
  for await (const { bytes } of readInputs([name], { stdin: Readable.from(stdin), onError })) {
    text += Buffer.from(bytes).toString('latin1');
  }
  return { text, said: errors.map((error) => error.describe()) };
}

t.test('each form is named with the command that unpacks it', async (t) => {
  for (const [name, head] of Object.entries(heads)) {
    const file = join(t.testdir({ 'my log': head }), 'my log');
    const { text, said } = await problems(file);
    t.equal(text, '', name);
    t.equal(said.length, 1);
    t.match(said[0], `${file}: cannot be read: it is packed as ${name}; unpack it first: `);
    t.match(said[0], `'${file}' | mirrormon`, 'a name with a blank is quoted');
  }
  const { said } = await problems('-', [heads.xz!]);
  t.same(said, ['standard input: cannot be read: it is packed as xz; unpack it first: xz -dc | mirrormon']);
});

t.test('a tar, alone and within gzip', async (t) => {
  const folder = t.testdir({ 'a.log': '{"level":"INFO"}\n' });
  for (const format of ['v7', 'ustar', 'gnu']) {
    execFileSync('tar', [`--format=${format}`, '-cf', 'a.tar', 'a.log'], { cwd: folder });
    const tar = join(folder, 'a.tar');
    const { text, said } = await problems(tar);
    t.equal(text, '');
    t.match(
      said[0],
      `${tar}: cannot be read: it is packed as tar; unpack it first: tar -xOf ${tar} | mirrormon`,
    );
  }
  execFileSync('tar', ['-czf', 'a.tgz', 'a.log'], { cwd: folder });
  const { said } = await problems(join(folder, 'a.tgz'));
  t.match(said[0], `it is packed as tar within gzip; unpack it first: tar -xOf ${folder}/a.tgz | mirrormon`);
});

t.test('twice packed', async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, 'a.gz'), gzipSync(gzipSync('{}\n')));
  writeFileSync(join(folder, 'b.gz'), gzipSync(heads.xz!));
  t.match(
    (await problems(join(folder, 'a.gz'))).said[0],
    'it is gzip within gzip; unpack it once with gzip -dc',
  );
  t.match(
    (await problems(join(folder, 'b.gz'))).said[0],
    `unpack it first: gzip -dc ${folder}/b.gz | xz -dc`,
  );
});

t.test('logs are none of them', (t) => {
  for (const text of [
    '{"level":"INFO"}',
    'PK',
    'BZh is what I said',
    '',
    ']\0',
    '[{"a":1}]',
    'x'.repeat(2000),
  ]) {
    t.equal(packedError(Buffer.from(text), 'a.log'), undefined, text.slice(0, 20));
  }
  t.end();
});
