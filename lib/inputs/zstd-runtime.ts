import { ZLIB_CHUNK, ZlibEngine, type ZlibStream } from './zlib-engine.ts';
import type { FrameDecoder, FrameHeader, ZstdDecoder } from './zstd-frames.ts';

/** What zstd's own tool takes at most, and the library unless it is told otherwise. */
const MOST_WINDOW_BYTES = 1 << 27;
const LEAST_CHUNK = 64;

/** `createZstdDecompress` of node:zlib. */
export type CreateZstd = (options: { chunkSize: number }) => ZlibStream;

/** The runtime's decoder, which works in the system's threads. Its checksums are checked by itself. */
export function runtimeZstd(create: CreateZstd): ZstdDecoder {
  return {
    mostWindowBytes: MOST_WINDOW_BYTES,
    instead: 'zstd -dc --long=31 FILE | mirrormon does it',
    isExact: false,
    open: (frame) => new RuntimeFrame(create, frame),
  };
}

/** A stream for every frame: what it does behind a frame's end depends on the runtime's version. */
class RuntimeFrame implements FrameDecoder {
  private readonly engine: ZlibEngine;

  constructor(create: CreateZstd, { contentBytes = ZLIB_CHUNK }: FrameHeader) {
    const chunkSize = Math.max(LEAST_CHUNK, Math.min(contentBytes, ZLIB_CHUNK));
    this.engine = new ZlibEngine(create({ chunkSize }));
  }

  async *write(bytes: Uint8Array, last: boolean): AsyncGenerator<Uint8Array> {
    yield* this.engine.write(bytes);
    if (last) yield* this.engine.end();
  }

  close(): void {
    this.engine.close();
  }
}
