import { symlinkSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import type { MirrormonError } from '../../lib/errors.ts';
import type { Progress } from '../../lib/inputs/read-inputs.ts';
import { type InputsOptions, type LargeInputsOptions, readInputs } from '../../lib/inputs/sources.ts';
import type { Rest } from '../../lib/parse/parser.ts';

interface Outcome {
  readonly text: string;
  /** Names of the inputs, one per Input object. */
  readonly inputs: string[];
  readonly errors: MirrormonError[];
}

async function read(names: string[], more: Partial<InputsOptions> = {}): Promise<Outcome> {
  const errors: MirrormonError[] = [];
  const pieces: Uint8Array[] = [];
  const inputs = new Set<{ name: string }>();
  const options = {
    stdin: Readable.from([]),
    onError: (error: MirrormonError) => errors.push(error),
    ...more,
  };
  for await (const { input, bytes } of readInputs(names, options)) {
    inputs.add(input);
    pieces.push(Buffer.from(bytes));
  }
  return { text: Buffer.concat(pieces).toString(), inputs: [...inputs].map(({ name }) => name), errors };
}

function folder(t: Test, files: Record<string, string | Buffer | Record<string, string>>): string {
  return `${t.testdir(files as Record<string, string>)}/`;
}

/** Compressible, but not to nothing: a damaged byte then has text before and behind it. */
function lines(count: number): string {
  return Array.from(
    { length: count },
    (_, k) => `{"n":${k},"square":${k * k},"rest":${(k * 7919) % 10007}}\n`,
  ).join('');
}

t.test('names are read in their order, each as an input of its own', async (t) => {
  const dir = folder(t, { 'b.log': 'b\n', 'a.log': 'a\n', 'empty.log': '' });
  const names = [`${dir}b.log`, `${dir}empty.log`, `${dir}a.log`, `${dir}b.log`];
  const { text, inputs, errors } = await read(names);
  t.equal(text, 'b\na\nb\n');
  t.same(inputs, [names[0], names[2], names[3]]);
  t.same(errors, []);
});

t.test('standard input that is named twice is read once, which is said', async (t) => {
  const dir = folder(t, { 'a.log': 'a\n' });
  const said: string[] = [];
  const stdin = Readable.from([Buffer.from('b\n')]);
  const { text, inputs } = await read(['-', `${dir}a.log`, '-'], {
    stdin,
    onNotice: (text: string): number => said.push(text),
  });
  t.equal(text, 'b\na\n');
  t.same(inputs, ['-', `${dir}a.log`]);
  t.same(said, ["standard input is named twice ('-'), and read once"]);
});

t.test(
  'a file that is there more than once is told of; a pattern leaves out what was named before',
  async (t) => {
    const dir = folder(t, { 'a.log': 'a\n', 'b.log': 'b\n' });
    symlinkSync(`${dir}a.log`, `${dir}link`);
    const said: string[] = [];
    const onNotice = (text: string): number => said.push(text);
    t.equal((await read([`${dir}a.log`, `${dir}*.log`], { onNotice })).text, 'a\nb\n');
    t.same(said, []);
    t.equal((await read([`${dir}b.log`, `${dir}a.log`, `${dir}link`], { onNotice })).text, 'b\na\na\n');
    t.same(said, [
      `${dir}link: it is the same file as ${dir}a.log, so its records count twice; name it once`,
    ]);
  },
);

t.test('no names, and -, are standard input', async (t) => {
  t.same(await read([], { stdin: Readable.from([Buffer.from('x'), Buffer.from('y')]) }), {
    text: 'xy',
    inputs: ['-'],
    errors: [],
  });
  const dir = folder(t, { 'a.log': 'a' });
  const twice = await read([`${dir}a.log`, '-', '-'], { stdin: Readable.from([Buffer.from('x')]) });
  t.equal(twice.text, 'ax', 'and a second time it is at its end');
});

t.test('what cannot be read is said, and the others are read', async (t) => {
  const dir = folder(t, { 'a.log': 'a\n', sub: { 'b.log': 'b\n' } });
  const { text, errors } = await read([
    `${dir}none`,
    `${dir}sub`,
    `${dir}none-*.log`,
    `${dir}a.log/x`,
    `${dir}a.log`,
  ]);
  t.equal(text, 'a\n');
  t.same(
    errors.map((error) => error.code),
    Array(4).fill('INPUT_UNREADABLE'),
  );
  t.equal(errors[0]?.describe(), `${dir}none: cannot be read: no such file or folder`);
  t.match(errors[1]?.describe(), `cannot be read: it is a folder; name its files, such as '${dir}sub/*.log'`);
  t.match(errors[2]?.describe(), `${dir}none-*.log: no file matches this pattern`);
  t.match(errors[3]?.message, 'a part of its path is not a folder');
});

t.test('standard input that breaks, while it is waited for and while the consumer is busy', async (t) => {
  for (const busy of [false, true]) {
    const stdin = new PassThrough();
    const errors: MirrormonError[] = [];
    const inputs = readInputs([], { stdin, onError: (error) => errors.push(error) });
    stdin.write('a');
    t.equal(Buffer.from((await inputs.next()).value?.bytes ?? []).toString(), 'a');
    const broken = Object.assign(new Error('i/o error'), { code: 'EIO' });
    const waiting = busy ? undefined : inputs.next();
    stdin.destroy(broken);
    await new Promise((resolve) => setImmediate(resolve));
    t.equal((await (waiting ?? inputs.next())).done, true);
    t.equal(errors[0]?.describe(), 'standard input: cannot be read: the device failed to read or write it');
  }
});

t.test('globs: in the order of the first record, then by name', async (t) => {
  const at = (time: string) => `{"timestamp":"2026-08-${time}Z","level":"INFO"}\n`;
  const dir = folder(t, {
    'a.log': at('03T00:00:00.000002'),
    'b.log': at('03T00:00:00.000001'),
    'c.log.gz': gzipSync(at('01T00:00:00')),
    'd.log': 'no time at all\n',
    'e.log': at('03T00:00:00.000001'),
    'f.txt': at('01T00:00:00'),
    'x*.log': 'literal\n',
    '.hidden.log': at('01T00:00:00'),
    sub: { 'g.log': at('02T00:00:00') },
  });
  const names = async (...globs: string[]) =>
    (await read(globs.map((glob) => dir + glob))).inputs.map((name) => name.slice(dir.length));
  t.same(await names('?.log*'), ['c.log.gz', 'b.log', 'e.log', 'a.log', 'd.log']);
  t.same(await names('{a,b}.log'), ['b.log', 'a.log']);
  t.same(await names('[!a-cx]*.{log,txt}'), ['f.txt', 'e.log', 'd.log']);
  t.same(await names('**/*.log'), ['sub/g.log', 'b.log', 'e.log', 'a.log', 'd.log', 'x*.log']);
  t.same(await names('x*.log', 'sub/*'), ['x*.log', 'sub/g.log'], 'an existing file is never a pattern');
});

t.test('gzip is found by content, wherever members and chunks end', async (t) => {
  const text = lines(300);
  const half = text.length >> 1;
  const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]);
  const padded = Buffer.concat([members, Buffer.alloc(1000)]);
  const between = Buffer.concat([gzipSync('a\n'), Buffer.alloc(512), gzipSync('b\n')]);
  const dir = folder(t, {
    'members.log': members,
    'padded.gz': padded,
    'between.gz': between,
    'empty.gz': gzipSync(''),
  });
  t.equal((await read([`${dir}members.log`])).text, text);
  t.equal((await read([`${dir}padded.gz`])).text, text);
  t.equal((await read([`${dir}between.gz`])).text, 'a\nb\n');
  t.same(await read([`${dir}empty.gz`]), { text: '', inputs: [], errors: [] });
  for (const chunkBytes of [1, 1000]) {
    t.equal((await read([`${dir}padded.gz`], { chunkBytes })).text, text, `chunks of ${chunkBytes}`);
  }
  const bytewise = Readable.from([...members].map((byte) => Buffer.of(byte)));
  t.equal((await read([], { stdin: bytewise })).text, text, 'standard input');
  t.equal((await read([], { stdin: Readable.from([Buffer.of(0x1f)]) })).text, '\x1f', 'too short to be gzip');
});

t.test('truncated gzip gives all that it holds', async (t) => {
  const text = lines(5000);
  const packed = gzipSync(text);
  const cut = packed.subarray(0, packed.length >> 1);
  const dir = folder(t, { 'a.gz': cut, 'b.log': 'b\n' });
  const { text: got, errors } = await read([`${dir}a.gz`, `${dir}b.log`]);
  t.ok(got.length > text.length / 3 && text.startsWith(got.slice(0, -2)), 'about half of it');
  t.ok(got.endsWith('b\n'), 'and what comes after it');
  t.match(errors[0]?.describe(), `${dir}a.gz, byte ${cut.length}: gzip is incomplete`);
  t.equal(errors[0]?.code, 'INPUT_TRUNCATED');
  const piped = await read([], { stdin: Readable.from([cut]) });
  t.equal(`${piped.text}b\n`, got, 'a pipe gives the same');
  t.match(piped.errors[0]?.where, `standard input, byte ${cut.length}`);
});

t.test('compressed input that ends before anything came of it is no input that was read', async (t) => {
  const dir = folder(t, { 'a.gz': gzipSync(lines(5000)).subarray(0, 15), 'b.log': 'b\n' });
  const { text, errors } = await read([`${dir}a.gz`, `${dir}b.log`]);
  t.equal(text, 'b\n', 'what comes after it is read');
  t.equal(errors[0]?.code, 'INPUT_CORRUPT');
  t.match(
    errors[0]?.describe(),
    /a\.gz, byte 15: gzip is incomplete: .*; nothing of it could be read; get it again/,
  );
});

t.test('damaged gzip gives all that is before the damage', async (t) => {
  const text = lines(20_000);
  const sum = gzipSync(text);
  sum[sum.length - 6]! ^= 0xff;
  const second = Buffer.concat([gzipSync('first\n'), Buffer.from('\x1f\x8b\x08 no gzip at all')]);
  const garbage = Buffer.concat([gzipSync('first\n'), Buffer.from('garbage')]);
  const dir = folder(t, { 'sum.gz': sum, 'second.gz': second, 'garbage.gz': garbage });
  const damaged = await read([`${dir}sum.gz`]);
  t.equal(damaged.text, text, 'nothing is lost, nothing doubled');
  t.match(
    damaged.errors[0]?.describe(),
    /, byte \d+: gzip is damaged: incorrect data check; everything before/,
  );
  t.ok(
    Number(/byte (\d+)/.exec(damaged.errors[0]?.where ?? '')?.[1]) >= sum.length - 8,
    'the place is exact',
  );
  for (const name of ['second.gz', 'garbage.gz']) {
    const { text: got, errors } = await read([dir + name]);
    t.equal(got, 'first\n', name);
    t.equal(errors[0]?.code, 'INPUT_CORRUPT', name);
  }
  const piped = await read([], { stdin: Readable.from([sum]) });
  t.ok(text.startsWith(piped.text));
  t.match(piped.errors[0]?.hint, 'up to 1 MiB before');
});

t.test('abort ends a silent standard input, and what came is given', { timeout: 5000 }, async (t) => {
  const stdin = new PassThrough();
  const stop = new AbortController();
  const inputs = readInputs(['-', 'never-opened'], {
    stdin,
    signal: stop.signal,
    onError: (error) => t.fail(error),
  });
  stdin.write('a\n');
  t.equal(Buffer.from((await inputs.next()).value?.bytes ?? []).toString(), 'a\n');
  const next = inputs.next();
  stdin.write('b\n');
  t.equal(Buffer.from((await next).value?.bytes ?? []).toString(), 'b\n');
  const silent = inputs.next();
  stop.abort();
  t.equal((await silent).done, true);
  t.equal(stdin.destroyed, true);
});

t.test('abort in the middle of gzip is no corruption', async (t) => {
  const dir = folder(t, { 'a.gz': gzipSync(lines(5000)) });
  const stop = new AbortController();
  const errors: MirrormonError[] = [];
  const options = {
    stdin: Readable.from([]),
    signal: stop.signal,
    chunkBytes: 1000,
    onError: (e: MirrormonError) => errors.push(e),
  };
  let chunks = 0;
  for await (const _ of readInputs([`${dir}a.gz`], options)) if (++chunks === 2) stop.abort();
  t.ok(chunks >= 2 && chunks < 6, `${chunks} chunks`);
  t.same(errors, []);
});

t.test('nothing is read ahead of the consumer', async (t) => {
  let made = 0;
  const stdin = Readable.from(
    (function* () {
      while (made < 1000) yield Buffer.from(`${made++}\n`);
    })(),
    { highWaterMark: 1 },
  );
  const inputs = readInputs([], { stdin, onError: (error) => t.fail(error) });
  await inputs.next();
  await new Promise((resolve) => setImmediate(resolve));
  t.ok(made <= 3, `${made} chunks were made for the one that was taken`);
  await inputs.return(undefined);
  t.equal(stdin.destroyed, true, 'and the consumer may leave');
});

t.test('a file that is left is closed, progress is told for files', async (t) => {
  const dir = folder(t, { 'a.log': 'x'.repeat(100_000), 'b.gz': gzipSync('y') });
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => seen.push(progress);
  await read([`${dir}a.log`, `${dir}b.gz`], { chunkBytes: 65_536, onProgress });
  const a = { name: `${dir}a.log`, size: 100_000 };
  t.same(seen.slice(0, 2), [
    { ...a, bytesRead: 65_536 },
    { ...a, bytesRead: 100_000 },
  ]);
  t.equal(seen[2]?.bytesRead, seen[2]?.size, 'compressed bytes');
});

t.test(
  'what is left of a large input is handed over, compressed ones from a size of their own',
  async (t) => {
    const text = lines(200_000);
    const dir = folder(t, { 'plain.log': text, 'packed.gz': gzipSync(text) });
    const handedOver = async (name: string, large: Pick<LargeInputsOptions, 'decompressedLargeFrom'>) => {
      const pieces: Uint8Array[] = [];
      let rest: Rest | undefined;
      let given = 0;
      const options = { stdin: Readable.from([]), onError: (error: unknown) => t.fail(String(error)) };
      for await (const part of readInputs([`${dir}${name}`], { ...options, largeFrom: 1, ...large })) {
        if ('bytes' in part) {
          given += part.bytes.length;
          pieces.push(Buffer.from(part.bytes));
          continue;
        }
        rest = part.rest;
        for await (const bytes of rest.bytes()) pieces.push(Buffer.from(bytes));
      }
      t.ok(Buffer.concat(pieces).equals(Buffer.from(text)), 'all of it comes');
      return { ofFile: rest?.file !== undefined, early: given < text.length };
    };
    t.same(await handedOver('plain.log', {}), { ofFile: true, early: true });
    t.same(await handedOver('packed.gz', {}), { ofFile: false, early: true });
    const never = { decompressedLargeFrom: Number.POSITIVE_INFINITY };
    t.same(await handedOver('plain.log', never), { ofFile: true, early: true });
    t.same(await handedOver('packed.gz', never), { ofFile: false, early: false });
  },
);
