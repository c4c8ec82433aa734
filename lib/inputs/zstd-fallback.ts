import { setImmediate } from 'node:timers/promises';
import { Decompress } from 'fzstd';
import { Xxh64 } from './xxh64.ts';
import type { FrameDecoder, FrameHeader, ZstdDecoder } from './zstd-frames.ts';

/** The whole window is moved with every block, so memory and time grow with it; and it is the most that is right. */
const MOST_WINDOW_BYTES = 1 << 25;
const CHECKSUM = 4;
/** Output after which others get their turn: some five milliseconds of work. */
const AT_ONCE = 1 << 20;

/** Decodes in JavaScript, where the runtime cannot. */
export const fallbackZstd: ZstdDecoder = {
  mostWindowBytes: MOST_WINDOW_BYTES,
  instead: 'zstd -dc --long=31 FILE | mirrormon does it, and so may Node 22.15 or newer',
  isExact: true,
  open: (frame) => new FallbackFrame(frame),
};

/** fzstd leaves it to others whether what it made is what was meant. */
class FallbackFrame implements FrameDecoder {
  private readonly frame: FrameHeader;
  private readonly made: Uint8Array[] = [];
  private readonly decoder = new Decompress((bytes) => {
    if (bytes.length > 0) this.made.push(bytes);
  });
  private readonly hash = new Xxh64();
  private length = 0;
  private sinceTurn = 0;

  constructor(frame: FrameHeader) {
    this.frame = frame;
  }

  async *write(bytes: Uint8Array, last: boolean): AsyncGenerator<Uint8Array> {
    const { hasChecksum, contentBytes } = this.frame;
    this.decode(bytes, last);
    for (const piece of this.made.splice(0)) {
      this.length += piece.length;
      this.sinceTurn += piece.length;
      if (hasChecksum) this.hash.update(piece);
      yield piece;
    }
    if (this.sinceTurn >= AT_ONCE) {
      this.sinceTurn = 0;
      await setImmediate();
    }
    if (!last) return;
    if (contentBytes !== undefined && contentBytes !== this.length) {
      throw new Error(`it should hold ${contentBytes} bytes, and holds ${this.length}`);
    }
    if (hasChecksum && checksum(bytes) !== this.hash.lowerHalf()) throw new Error('incorrect checksum');
  }

  private decode(bytes: Uint8Array, last: boolean): void {
    try {
      // it keeps what is too little to begin with, for longer than that stays as it is
      this.decoder.push(Buffer.from(bytes), last);
    } catch {
      // its own texts say nothing to a user, and what it does with senseless bytes may fail anywhere
      throw new Error('this block makes no sense');
    }
  }

  close(): void {}
}

function checksum(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(bytes.length - CHECKSUM);
}
