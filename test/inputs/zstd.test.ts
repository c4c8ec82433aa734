import { readFileSync } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import t, { type Test } from 'tap';
import type { MirrormonError } from '../../lib/errors.ts';
import { decompressed } from '../../lib/inputs/corruption.ts';
import type { ByteSource } from '../../lib/inputs/read-inputs.ts';
import { readInputs } from '../../lib/inputs/sources.ts';
import type { ZlibStream } from '../../lib/inputs/zlib-engine.ts';
import { zstdBy } from '../../lib/inputs/zstd.ts';
import { fallbackZstd } from '../../lib/inputs/zstd-fallback.ts';
import type { FrameDecoder, ZstdDecoder } from '../../lib/inputs/zstd-frames.ts';
import { type Unit, ZstdFrames } from '../../lib/inputs/zstd-frames.ts';
import { type CreateZstd, runtimeZstd } from '../../lib/inputs/zstd-runtime.ts';
import { fixture } from '../helpers/root.ts';

/** As a stream of node:zlib is: what a write made is lost if it fails. */
class StandIn extends Transform implements ZlibStream {
  bytesWritten = 0;
  private readonly frames = new ZstdFrames();
  private decoder: FrameDecoder | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.make(chunk).then((made) => {
      this.bytesWritten += chunk.length;
      for (const bytes of made) this.push(bytes);
      done();
    }, done);
  }

  private async make(chunk: Buffer): Promise<Uint8Array[]> {
    const made: Uint8Array[] = [];
    for (const { frame, bytes, last } of this.frames.push(chunk)) {
      this.decoder ??= fallbackZstd.open(frame);
      for await (const piece of this.decoder.write(bytes, last)) made.push(piece);
    }
    return made;
  }
}

const { createZstdDecompress } = zlib as { createZstdDecompress?: CreateZstd };
const decoders: Readonly<Record<string, ZstdDecoder | undefined>> = {
  fallback: fallbackZstd,
  'stand-in for the runtime': runtimeZstd(() => new StandIn()),
  runtime: createZstdDecompress === undefined ? undefined : runtimeZstd(createZstdDecompress),
};

const lines = Array.from(
  { length: 5000 },
  (_, k) => `{"n":${k},"square":${k * k},"rest":${(k * 7919) % 10007}}\n`,
).join('');
const packed = readFileSync(fixture('zstd', 'lines.zst'));
/** Skippable frames, one without checksum and size, an empty one, one of repeated bytes. */
const frames = readFileSync(fixture('zstd', 'frames.zst'));
const inFrames = `${lines.slice(0, 1000)}${'x'.repeat(300_000)}\n${lines.slice(1000, 3000)}`;

const units: readonly Unit[] = [...new ZstdFrames().push(packed)];
/** How much text there is up to the end of each unit. */
const decoding = fallbackZstd.open(units[0]!.frame);
let length = 0;
const textUpTo: number[] = [];
for (const { bytes, last } of units) {
  for await (const piece of decoding.write(bytes, last)) length += piece.length;
  textUpTo.push(length);
}
const SECOND = units[2]!.offset;
const IN_FIRST = textUpTo[1]!;

interface Outcome {
  readonly text: string;
  readonly error: MirrormonError | undefined;
  readonly largest: number;
}

async function read(
  decoder: ZstdDecoder,
  bytes: Uint8Array,
  {
    size = bytes.length,
    again = true,
    signal,
  }: { size?: number; again?: boolean; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const source: ByteSource = {
    place: 'a.zst',
    again,
    async *read() {
      // in the same memory again and again, as files are read
      const chunk = Buffer.alloc(size);
      for (let at = 0; at < bytes.length; at += size) {
        const length = Buffer.from(bytes).copy(chunk, 0, at, at + size);
        yield chunk.subarray(0, length);
      }
    },
  };
  const pieces: Uint8Array[] = [];
  let error: unknown;
  try {
    const compression = zstdBy(async () => decoder);
    for await (const piece of decompressed(compression, source.read(), source, signal)) pieces.push(piece);
  } catch (caught) {
    error = caught;
  }
  const largest = Math.max(0, ...pieces.map((piece) => piece.length));
  return { text: Buffer.concat(pieces).toString(), error: error as MirrormonError | undefined, largest };
}

function with_(bytes: Uint8Array, at: number, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = change(changed[at]!);
  return changed;
}

function suite(decoder: ZstdDecoder): (t: Test) => void {
  return (t) => {
    t.test('wherever frames and chunks end', async (t) => {
      for (const size of [1, 7, 1000, 1 << 20]) {
        const one = await read(decoder, packed, { size });
        t.ok(one.text === lines, `one frame, chunks of ${size}`);
        t.equal(one.error, undefined);
        const several = await read(decoder, frames, { size });
        t.ok(several.text === inFrames, `frames, chunks of ${size}`);
        t.equal(several.error, undefined);
      }
      const twice = await read(decoder, Buffer.concat([packed, frames, packed]), { size: 10_000 });
      t.ok(twice.text === lines + inFrames + lines);
      t.ok(twice.largest <= 1 << 20, 'in pieces');
    });

    t.test('what is cut off gives all that is whole', async (t) => {
      for (const cut of [5, 100, SECOND + 5, packed.length - 5, packed.length - 1]) {
        const { text, error } = await read(decoder, packed.subarray(0, cut));
        t.ok(lines.startsWith(text));
        const whole = units.filter(({ offset, bytes }) => offset + bytes.length <= cut).length;
        t.equal(text.length, textUpTo[whole - 1] ?? 0, `${cut} bytes`);
        const told =
          text === '' ? 'nothing of it could be read; get it again' : 'everything before that was read';
        t.equal(
          error?.describe(),
          `a.zst, byte ${cut}: zstd is incomplete: it ends in the middle of the compressed data; ${told}`,
        );
      }
    });

    t.test('what is damaged gives all that is before the damage', async (t) => {
      const table: [damaged: Buffer, at: number, text: string][] = [
        [with_(packed, SECOND, (byte) => byte | 6), SECOND, lines.slice(0, IN_FIRST)],
        [Buffer.concat([packed, Buffer.from('no zstd')]), packed.length, lines],
        [with_(packed, packed.length - 1, (byte) => ~byte), packed.length - 4, lines],
      ];
      for (const [damaged, at, text] of table) {
        const found = await read(decoder, damaged);
        t.ok(found.text === text, `${found.text.length} of ${text.length} bytes`);
        t.match(
          found.error?.describe(),
          new RegExp(`^a.zst, byte ${at}: zstd is damaged: .*; everything before`),
        );
        t.equal(found.error?.code, 'INPUT_CORRUPT');
      }
    });

    t.test('no byte can be changed unnoticed', async (t) => {
      for (let at = 40; at < packed.length; at += 997) {
        const { error } = await read(
          decoder,
          with_(packed, at, (byte) => byte ^ 0x10),
        );
        t.equal(error?.code, 'INPUT_CORRUPT', `byte ${at}`);
      }
    });

    t.test('what cannot be read again', async (t) => {
      const damaged = with_(packed, SECOND + 1000, (byte) => ~byte);
      const { text, error } = await read(decoder, damaged, { again: false, size: 1000 });
      t.ok(lines.startsWith(text.slice(0, IN_FIRST)));
      t.match(error?.hint, decoder.isExact ? 'everything before' : 'up to 1 MiB before');
    });

    t.test('frames that want too much memory, or a dictionary', async (t) => {
      const magic = '28b52ffd';
      const window = Buffer.from(`${magic}00a0`, 'hex');
      const { error } = await read(decoder, Buffer.concat([packed, window]));
      t.match(error?.describe(), `byte ${packed.length}: zstd cannot be read: it takes 1024 MiB of memory`);
      t.match(error?.describe(), 'zstd -dc --long=31 FILE | mirrormon');
      t.equal(error?.code, 'INPUT_UNREADABLE');
      const unknown = await read(decoder, Buffer.concat([packed, with_(packed, 4, (byte) => byte | 8)]));
      t.ok(unknown.text === lines);
      t.match(unknown.error?.message, 'zstd cannot be read: this frame is of an unknown kind');
      const dictionary = await read(decoder, Buffer.from(`${magic}015042`, 'hex'));
      t.match(dictionary.error?.message, 'it was made with a dictionary, which is not here');
    });

    t.test('abort is no corruption', async (t) => {
      const signal = AbortSignal.abort();
      const { error } = await read(decoder, packed.subarray(0, 1000), { signal });
      t.equal(error, undefined);
    });
    t.end();
  };
}

for (const [name, decoder] of Object.entries(decoders)) {
  if (decoder === undefined) t.test(name, { skip: `Node ${process.versions.node} has no zstd` }, () => {});
  else t.test(name, suite(decoder));
}

t.test('zstd is found by content', async (t) => {
  for (const [bytes, expected] of [
    [packed, lines],
    [frames, inFrames],
    [Buffer.from('P'), 'P'],
    [Buffer.from([0x28, 0xb5, 0x2f]), Buffer.from([0x28, 0xb5, 0x2f]).toString()],
  ] as const) {
    for (const size of [1, 1 << 20]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const pieces: Uint8Array[] = [];
      const onError = (error: MirrormonError) => t.fail(error);
      for await (const input of readInputs([], { stdin: Readable.from(chunks), onError })) {
        pieces.push(Buffer.from(input.bytes));
      }
      t.ok(Buffer.concat(pieces).toString() === expected);
    }
  }
});
