import zlib, { type ZlibOptions } from 'node:zlib';
import { type BatchMemory, isShared } from './batch-memory.ts';
import type { KafkaLibrary } from './library.ts';
import type { BatchOptions } from './record-batches.ts';
import type { RecordsModule } from './records-module.ts';

/** What a record batch may unpack to; producers send a megabyte at most unless they are told otherwise. Bytes. */
const MOST_UNPACKED = 1 << 28;

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;

/** Of what is unpacked so many times the packed bytes are made at once: pieces are then put together. */
const LIKELY_RATIO = 8;
const LEAST_CHUNK = 1 << 16;
const MOST_CHUNK = 1 << 22;

type Unpack = (bytes: Buffer) => Uint8Array;
type UnpackWith = (bytes: Buffer, options: ZlibOptions) => Uint8Array;

/** From Node 22.15 on. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: UnpackWith };

/** Where batches are unpacked to: whoever has used them gives them back. */
export interface UnpackOptions {
  readonly memory?: BatchMemory | undefined;
  /** For what lies in its memory, which `memory` is, too. */
  readonly module?: RecordsModule | undefined;
}

/** How record batches are unpacked and checked. */
export async function openDecoding(
  library: KafkaLibrary,
  options?: UnpackOptions,
): Promise<Pick<BatchOptions, 'unpack' | 'checksum'>> {
  const checksum = (bytes: Buffer): number => library.crc32c(library.Reader.from(bytes).buffer);
  // the first call loads its addon, before there is something to read
  checksum(Buffer.alloc(0));
  return { unpack: await openUnpack(library, options), checksum };
}

/** What unpacks record batches, by the number of their codec. */
export async function openUnpack(
  library: KafkaLibrary,
  { memory, module }: UnpackOptions = {},
): Promise<(codec: number, bytes: Buffer) => Buffer> {
  const { compressionsAlgorithms: algorithms } = library;
  const codecs = new Map<number, Unpack>([
    [GZIP, inFewPieces(zlib.gunzipSync)],
    [SNAPPY, (bytes) => algorithms.snappy.decompressSync(bytes)],
    [LZ4, (bytes) => algorithms.lz4.decompressSync(bytes)],
    [ZSTD, zstdDecompressSync === undefined ? await slowZstd() : inFewPieces(zstdDecompressSync)],
  ]);
  return (codec, bytes) => {
    if (codec === LZ4 && module !== undefined && memory !== undefined && isShared(bytes)) {
      const there = module.unpackLz4(bytes, memory, MOST_UNPACKED);
      if (there !== undefined) return there;
    }
    const unpack = codecs.get(codec);
    if (unpack === undefined)
      throw new Error(`compression ${codec} is not known, only gzip, snappy, lz4 and zstd`);
    const unpacked = unpack(bytes);
    if (memory !== undefined) return memory.adopt(unpacked);
    return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  };
}

function inFewPieces(unpack: UnpackWith): Unpack {
  return (bytes) => {
    const likely = 2 ** Math.ceil(Math.log2(LIKELY_RATIO * Math.max(bytes.length, 1)));
    const chunkSize = Math.min(Math.max(likely, LEAST_CHUNK), MOST_CHUNK);
    return unpack(bytes, { chunkSize, maxOutputLength: MOST_UNPACKED });
  };
}

async function slowZstd(): Promise<Unpack> {
  const { decompress } = await import('fzstd');
  return decompress;
}
