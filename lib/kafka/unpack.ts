import { gunzipSync } from 'node:zlib';
import type { KafkaLibrary } from './library.ts';
import type { BatchOptions } from './record-batches.ts';

/** What a record batch may unpack to; producers send a megabyte at most unless they are told otherwise. Bytes. */
const MOST_UNPACKED = 1 << 28;

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;

type Unpack = (bytes: Buffer) => Uint8Array;

/** How record batches are unpacked and checked. */
export async function openDecoding(
  library: KafkaLibrary,
): Promise<Pick<BatchOptions, 'unpack' | 'checksum'>> {
  const checksum = (bytes: Buffer): number => library.crc32c(library.Reader.from(bytes).buffer);
  return { unpack: await openUnpack(library), checksum };
}

/** What unpacks record batches, by the number of their codec. */
export async function openUnpack(library: KafkaLibrary): Promise<(codec: number, bytes: Buffer) => Buffer> {
  const { compressionsAlgorithms: algorithms } = library;
  const codecs = new Map<number, Unpack>([
    [GZIP, (bytes) => gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED })],
    [SNAPPY, (bytes) => algorithms.snappy.decompressSync(bytes)],
    [LZ4, (bytes) => algorithms.lz4.decompressSync(bytes)],
    [ZSTD, algorithms.zstd.available ? (bytes) => algorithms.zstd.decompressSync(bytes) : await slowZstd()],
  ]);
  return (codec, bytes) => {
    const unpack = codecs.get(codec);
    if (unpack === undefined)
      throw new Error(`compression ${codec} is not known, only gzip, snappy, lz4 and zstd`);
    const unpacked = unpack(bytes);
    return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  };
}

/** Where Node has no zstd, before 22.15. */
async function slowZstd(): Promise<Unpack> {
  const { decompress } = await import('fzstd');
  return decompress;
}
