import { createGunzip } from 'node:zlib';
import { type Compression, Damage, type DecompressOptions } from './corruption.ts';
import { ZLIB_CHUNK, ZlibEngine } from './zlib-engine.ts';

/** gzip, concatenated members and zero padding included. */
export const gzip: Compression = { name: 'gzip', cares: [256, 1], decompress: gunzip };

async function* gunzip(
  bytes: AsyncIterable<Uint8Array>,
  { signal, carefulFrom = Number.POSITIVE_INFINITY, care = 1 }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  let members = new Members(0);
  try {
    let offset = 0;
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; ) {
        if (members.ended && chunk[at] === 0) {
          at++;
          continue;
        }
        if (members.ended) members = new Members(offset + at);
        const room = offset + at >= carefulFrom ? care : carefulFrom - offset - at;
        yield* members.write(chunk.subarray(at, at + room));
        at = members.consumed - offset;
      }
      offset += chunk.length;
    }
    if (!members.ended && !signal?.aborted) yield* members.end();
  } finally {
    members.close();
  }
}

/** One run of zlib: a member of gzip and those that follow it at once. It ends where padding begins. */
class Members {
  private readonly start: number;
  private readonly engine = new ZlibEngine(createGunzip({ chunkSize: ZLIB_CHUNK }));

  constructor(start: number) {
    this.start = start;
  }

  get ended(): boolean {
    return this.engine.ended;
  }

  /** Offset in the source up to which bytes have been used. */
  get consumed(): number {
    return this.start + this.engine.bytesUsed;
  }

  write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    return this.output(this.engine.write(bytes));
  }

  /** Nothing follows: fails if a member is incomplete. */
  end(): AsyncGenerator<Uint8Array> {
    return this.output(this.engine.end());
  }

  close(): void {
    this.engine.close();
  }

  private async *output(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const truncated = code === 'Z_BUF_ERROR';
      const what = truncated ? 'it ends in the middle of the compressed data' : message;
      const kind = truncated ? 'incomplete' : 'damaged';
      throw new Damage(what, this.consumed, { kind, isLossy: !truncated });
    }
  }
}
