import t, { type Test } from 'tap';
import { decode } from '../../lib/inputs/decode.ts';

async function decoded(bytes: Buffer, size: number): Promise<string> {
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
  }
  const pieces: Buffer[] = [];
  for await (const piece of decode({ place: 'x', again: false, read })) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

const sizes = [1, 2, 3, 7, 1 << 16];
const octets = (message: string): string => `${Buffer.byteLength(message)} ${message}`;

async function gives(t: Test, text: string | Buffer, expected: string, name: string): Promise<void> {
  for (const size of sizes)
    t.equal(await decoded(Buffer.from(text as string), size), expected, `${name}, ${size} at a time`);
}

t.test('messages behind their count of bytes are lines', async (t) => {
  const messages = ['<14>1 - a Ö', '<3>b', `<14>1 - ${'c'.repeat(9000)}`];
  const lines = messages.map((message) => `${message}\n`).join('');
  await gives(t, messages.map(octets).join(''), lines, 'nothing between them');
  await gives(
    t,
    messages.map((message) => `${octets(message)}\n`).join(''),
    lines,
    'line feeds between them',
  );
  await gives(
    t,
    `${octets('<1>a')}${octets('<1>b\n')}${octets('<1>c')}`,
    '<1>a\n<1>b\n<1>c\n',
    'some end in a line feed',
  );
  const inner = octets('<1>a\nb');
  await gives(t, `${inner}${inner}`, '<1>a\nb\n<1>a\nb\n', 'line feeds within');
});

t.test('messages whose count is wrong do not take others along', async (t) => {
  const right = octets('<14>1 right');
  const end = '<14>1 right\n<14>1 right\n';
  t.equal(
    await decoded(Buffer.from(`${right}${right}9 <14>1 Ö is counted in characters${right}`), 1 << 16),
    `${end}<14>1 Ö is counted in characters\n<14>1 right\n`,
  );
  t.equal(
    await decoded(Buffer.from(`${right}${right}25 <14>1 too many${right}`), 1 << 16),
    `${end}<14>1 too many\n<14>1 right\n`,
  );
  t.equal(
    await decoded(Buffer.from(`${right}${right}{"a":1}lost${right}`), 1 << 16),
    `<14>1 right\n<14>1 right{"a":1}lost\n<14>1 right\n`,
  );
  t.equal(
    await decoded(Buffer.from(`${right}${right}9999999 <14>1 a${right}`), 1 << 16),
    `${end}9999999 <14>1 a\n<14>1 right\n`,
  );
  t.equal(await decoded(Buffer.from(`${right}${right}99 <14>1 cut`), 1 << 16), `${end}<14>1 cut\n`);
});

t.test('what only begins so is left as it is', async (t) => {
  for (const text of [
    '12',
    '12 monkeys\n',
    '2024-04-01T00:00:00Z  INFO a: b\n',
    octets('<14>1 line\n').repeat(3),
  ])
    await gives(t, text, text, JSON.stringify(text));
});

t.test('a line that begins with a number of its own is none', async (t) => {
  const text = '16 <14>1 a line of text\nand another\n';
  t.equal(await decoded(Buffer.from(text), 1 << 16), text);
});

t.test('JSON loses its colours', async (t) => {
  await gives(
    t,
    '\x1b[1;39m{\n  \x1b[0m\x1b[34;1m"a"\x1b[0m: \x1b[0;39m1\x1b[0m\n\x1b[1;39m}\x1b[0m\n',
    '{\n  "a": 1\n}\n',
    'an object',
  );
  await gives(
    t,
    '\x1b[2m2024-04-01T00:00:00Z\x1b[0m \x1b[32m INFO\x1b[0m a\n',
    '\x1b[2m2024-04-01T00:00:00Z\x1b[0m \x1b[32m INFO\x1b[0m a\n',
    'a text record',
  );
});

t.test('documents of YAML are lines of JSON', async (t) => {
  await gives(
    t,
    '---\na: 12845969263990981770\nb:\n- x: 1.5\n- null\n---\ntextPayload: |-\n  c\n  d\n',
    '{"a":12845969263990981770,"b":[{"x":1.5},null]}\n{"textPayload":"c\\nd"}\n',
    'numbers keep their digits',
  );
  await gives(t, '- timestamp: x\n  level: INFO\n', '[{"timestamp":"x","level":"INFO"}]\n', 'a list');
});

t.test('what is no document stays as it is', async (t) => {
  const deep = `---\na: ${'['.repeat(5000)}\n`;
  for (const text of [
    `---\na: b: c\n`,
    '---\nnothing\n',
    '--- \n',
    'error: unexpected EOF\n{"a":1}\n',
    deep,
    '---\na: *b\n',
  ])
    await gives(t, text, text, JSON.stringify(text.slice(0, 40)));
  const long = `---\na: ${'x'.repeat(3 << 20)}\n`;
  t.ok((await decoded(Buffer.from(long), 1 << 16)) === long);
  const bytes = Buffer.concat([Buffer.from('---\na: '), Buffer.of(0xff, 0x0a)]);
  t.equal(await decoded(bytes, 3), bytes.toString());
});
