import { free } from '../text/free.ts';
import { ahead } from './ahead.ts';
import { type Compression, decompressed } from './corruption.ts';
import { gzip } from './gzip.ts';
import type { ByteSource } from './read-inputs.ts';
import { zstd } from './zstd.ts';

export type Format = 'gzip' | 'zstd';

const compressions: Readonly<Record<Format, Compression>> = { gzip, zstd };

/** Smaller ones may be parts of a pool. */
const OWN_MEMORY = 1 << 16;

/**
 * The decompressed bytes of a source, the next of which are made while the consumer has some. Every chunk is the
 * consumer's until it asks for the next one. Fails with INPUT_UNREADABLE and INPUT_CORRUPT.
 * @param bytes what the source gives, from its start on
 */
export function decompress(
  format: Format,
  bytes: AsyncIterable<Uint8Array>,
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  return freeing(ahead(decompressed(compressions[format], bytes, source, signal)));
}

/** Several chunks may lie in the same memory, one behind the other. */
async function* freeing(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let memory: ArrayBufferLike | undefined;
  for await (const chunk of chunks) {
    const isElsewhere = memory !== undefined && memory !== chunk.buffer;
    if (isElsewhere && memory!.byteLength >= OWN_MEMORY) free(memory!);
    memory = chunk.buffer;
    yield chunk;
  }
}
