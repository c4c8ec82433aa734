import { gzipSync } from 'node:zlib';
import { pack } from '../framings/figures.ts';
import { type Form, forms, type Line } from '../framings/forms.ts';
import { Dice } from '../parse/scanner/random.ts';
import { hostileRecord } from './corpus.ts';

/** An input as it may lie on somebody's disk. */
export interface HostileInput {
  /** In words: its form, and what befell it. */
  readonly what: string;
  readonly bytes: Buffer;
}

/** What befalls the records before they are written in a form: names of what no line should be. */
const bulk: Readonly<Record<string, (dice: Dice, scale: number) => string>> = {
  'a long line': (_, scale) =>
    `{"timestamp":"2026-08-01T10:00:00Z","level":"INFO","fields":{"message":"${'x'.repeat(300_000 * scale)}"},"target":"t"}`,
  'a long line of no record': (dice, scale) =>
    dice.pick(['[', '{"a":', '"', '\\', 'a=', '\u001b[', '{}']).repeat(100_000 * scale),
  'a line of many members': (_, scale) =>
    `{"fields":{${Array.from({ length: 10_000 * scale }, (_, k) => `"k${k}":${k}`).join()}},"target":"t","level":"INFO"}`,
  'one key many times': (_, scale) =>
    `{${'"fields":{"message":"Session Start"},'.repeat(5_000 * scale)}"level":"INFO"}`,
  'many escapes': (_, scale) =>
    `{"fields":{"message":"${'\\u00e9\\\\\\"'.repeat(20_000 * scale)}"},"level":"INFO","target":"t"}`,
  'lines without anything': (dice, scale) =>
    dice.pick(['\n', '\r\n', ' \n', '\0\n', '{}\n', '\u2028\n']).repeat(20_000 * scale),
  'many records on a line': (_, scale) => '{"level":"INFO","fields":{"message":"m"}}'.repeat(2_000 * scale),
  'many spans': (_, scale) =>
    `{"level":"INFO","fields":{"message":"m"},"spans":[${Array(5_000 * scale)
      .fill('{"name":"s","a":1}')
      .join()}]}`,
};

type Harm = (bytes: Buffer, dice: Dice) => Buffer;

const places = (dice: Dice, bytes: Buffer, most: number): number[] =>
  dice.list(most, () => dice.below(bytes.length + 1)).sort((a, b) => a - b);

function withInserts(bytes: Buffer, dice: Dice, insert: () => Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const at of places(dice, bytes, 6)) {
    pieces.push(bytes.subarray(from, at), insert());
    from = at;
  }
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}

const replaced =
  (from: RegExp, to: string): Harm =>
  (bytes) =>
    Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

const flipped: Harm = (bytes, dice) => {
  const copy = Buffer.from(bytes);
  for (const at of places(dice, copy, 8)) if (at < copy.length) copy[at]! ^= 1 << dice.below(8);
  return copy;
};

const harms: Readonly<Record<string, Harm>> = {
  nothing: (bytes) => bytes,
  'a byte order mark': (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  CRLF: replaced(/\n/g, '\r\n'),
  CR: replaced(/\n/g, '\r'),
  'UTF-16': (bytes) => pack(bytes, 'utf16', 1),
  'UTF-16 of the other end, odd': (bytes, dice) => {
    const swapped = pack(bytes, 'utf16', 1).swap16();
    return swapped.subarray(0, swapped.length - dice.below(2));
  },
  NULs: (bytes, dice) => withInserts(bytes, dice, () => Buffer.alloc(1 + dice.below(5_000))),
  'bytes of no text': (bytes, dice) =>
    withInserts(bytes, dice, () => Buffer.from(dice.list(20, () => 128 + dice.below(128)))),
  'lost line feeds': (bytes, dice) =>
    Buffer.from(
      bytes.toString('latin1').replace(/\n/g, () => (dice.chance(0.3) ? '' : '\n')),
      'latin1',
    ),
  'flipped bits': flipped,
  'an end too early': (bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1)),
  'a beginning too late': (bytes, dice) => bytes.subarray(dice.below(bytes.length + 1)),
  'written twice over itself': (bytes, dice) =>
    Buffer.concat([bytes.subarray(0, dice.below(bytes.length + 1)), bytes]),
  gzip: (bytes, dice) => pack(bytes, 'gzip', 1 + dice.below(4)),
  'gzip that is cut': (bytes, dice) => {
    const packed = gzipSync(bytes);
    return packed.subarray(0, dice.below(packed.length));
  },
  'gzip that is damaged': (bytes, dice) => flipped(gzipSync(bytes), dice),
  'gzip with something behind': (bytes, dice) =>
    Buffer.concat([gzipSync(bytes), dice.pick([Buffer.alloc(1_000), Buffer.from('rubbish'), bytes])]),
  'gzip in gzip': (bytes) => gzipSync(gzipSync(bytes)),
  'gzip of very much of nothing': (bytes) =>
    Buffer.concat([gzipSync(Buffer.alloc(1 << 24)), gzipSync(bytes)]),
  zstd: (bytes, dice) => pack(bytes, 'zstd', 1 + dice.below(4)),
  'zstd that is cut': (bytes, dice) => {
    const packed = pack(bytes, 'zstd', 1);
    return packed.subarray(0, dice.below(packed.length));
  },
  'zstd that is damaged': (bytes, dice) => flipped(pack(bytes, 'zstd', 2), dice),
};

/** In a form, if the record can be had in it. */
function written(form: Form, lines: readonly Line[]): Buffer {
  const plain = (some: readonly Line[]) => some.map(({ json }) => `${json}\n`).join('');
  try {
    return Buffer.from(form.write(lines));
  } catch {
    // it takes records apart, and these are none
    return Buffer.from(plain(lines));
  }
}

function linesOf(dice: Dice, count: number): Line[] {
  return Array.from({ length: count }, () => ({
    json: hostileRecord(dice.below(1 << 30)),
    time: `2026-08-01T10:00:${String(dice.below(60)).padStart(2, '0')}.000Z`,
  }));
}

/**
 * Hostile records in one or two of the forms in which logs come, harmed as files are. The same number gives the same
 * input, and a greater scale more of the same.
 */
export function hostileInput(number: number, scale = 1): HostileInput {
  const dice = new Dice(number);
  const words: string[] = [];
  const pieces: Buffer[] = [];
  for (let k = dice.below(4) === 0 ? 2 : 1; k > 0; k--) {
    const form = dice.pick(forms);
    words.push(form.name);
    pieces.push(written(form, linesOf(dice, (1 + dice.below(30)) * scale)));
  }
  if (dice.chance(0.15)) {
    const what = dice.pick(Object.keys(bulk));
    words.push(what);
    pieces.splice(dice.below(2), 0, Buffer.from(`${bulk[what]!(dice, scale)}\n`));
  }
  const harm = dice.pick(Object.keys(harms));
  return { what: `${words.join(', ')}; ${harm}`, bytes: harms[harm]!(Buffer.concat(pieces), dice) };
}

export const bulkKinds: readonly string[] = Object.keys(bulk);
export const formNames: readonly string[] = forms.map(({ name }) => name);

/** One kind of bulk, or records of one form, alone: for whoever asks how time grows. */
export function grownInput(kind: string, scale: number): Buffer {
  const dice = new Dice(1);
  const make = bulk[kind];
  if (make !== undefined) return Buffer.from(`${make(dice, scale)}\n`);
  return written(forms.find(({ name }) => name === kind)!, linesOf(dice, 300 * scale));
}
