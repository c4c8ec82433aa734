import * as zlib from 'node:zlib';
import { type Compression, Damage, type DecompressOptions } from './corruption.ts';
import { type FrameDecoder, type Unit, type ZstdDecoder, ZstdFrames } from './zstd-frames.ts';
import { type CreateZstd, runtimeZstd } from './zstd-runtime.ts';

const MIB = 1 << 20;

/** zstd: frames one after the other, skippable ones among them. */
export const zstd: Compression = zstdBy(decoderHere);

/** The runtime's decoder is the faster one by far, but Node has it from 22.15 on only. */
async function decoderHere(): Promise<ZstdDecoder> {
  const { createZstdDecompress: create } = zlib as { createZstdDecompress?: CreateZstd };
  return create === undefined ? (await import('./zstd-fallback.ts')).fallbackZstd : runtimeZstd(create);
}

export function zstdBy(choose: () => Promise<ZstdDecoder>): Compression {
  return {
    name: 'zstd',
    cares: [1],
    async *decompress(bytes, options) {
      yield* unzstd(bytes, await choose(), options);
    },
  };
}

async function* unzstd(
  bytes: AsyncIterable<Uint8Array>,
  decoder: ZstdDecoder,
  { signal, carefulFrom = Number.POSITIVE_INFINITY }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  const singleFrom = decoder.isExact ? 0 : carefulFrom;
  let frame: FrameDecoder | undefined;
  try {
    for await (const chunk of bytes) {
      for (const unit of runs(frames.push(chunk), singleFrom)) {
        frame ??= open(unit, decoder);
        yield* made(unit, frame, !decoder.isExact);
        if (!unit.last) continue;
        frame.close();
        frame = undefined;
      }
    }
    if (!signal?.aborted) frames.end();
  } finally {
    frame?.close();
  }
}

function open({ frame, offset }: Unit, decoder: ZstdDecoder): FrameDecoder {
  const { mostWindowBytes, instead } = decoder;
  if (frame.windowBytes <= mostWindowBytes) return decoder.open(frame);
  const window = `${Math.ceil(frame.windowBytes / MIB)} MiB`;
  throw new Damage(
    `it takes ${window} of memory to read, and more than ${mostWindowBytes / MIB} MiB are refused; ${instead}`,
    offset,
    { kind: 'unreadable' },
  );
}

async function* made(
  { bytes, last, offset }: Unit,
  frame: FrameDecoder,
  isLossy: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    yield* frame.write(bytes, last);
  } catch (error) {
    throw new Damage((error as Error).message, offset, { isLossy });
  }
}

/** Units of a frame at once, since every call takes its time; from an offset on one by one. */
function* runs(units: Iterable<Unit>, singleFrom: number): Generator<Unit> {
  let run: Unit | undefined;
  try {
    for (const unit of units) {
      if (run !== undefined && (run.last || unit.offset >= singleFrom)) {
        yield run;
        run = undefined;
      }
      run = run === undefined ? unit : joined(run, unit);
    }
  } catch (error) {
    if (run !== undefined) yield run;
    throw error;
  }
  if (run !== undefined) yield run;
}

/** Units of one chunk lie behind one another there. */
function joined(run: Unit, unit: Unit): Unit {
  const { buffer, byteOffset, length } = run.bytes;
  return { ...run, bytes: new Uint8Array(buffer, byteOffset, length + unit.bytes.length), last: unit.last };
}
