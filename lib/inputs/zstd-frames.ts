/** The outer form of zstd (RFC 8878): frames, and the blocks that they consist of. */

import { Damage } from './corruption.ts';

const MAGIC = 0xfd2fb528;
const FIRST_SKIPPABLE = 0x184d2a50;
const MOST_BLOCK_BYTES = 1 << 17;
const BLOCK_HEADER = 3;
const CHECKSUM = 4;

export interface FrameHeader {
  /** How far back the frame refers to what it gave before. */
  readonly windowBytes: number;
  /** Decompressed, where the frame says it. */
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
}

/** A whole piece of a frame, or several that follow one another. */
export interface Unit {
  readonly kind: 'header' | 'block' | 'checksum';
  readonly bytes: Uint8Array;
  /** Where it begins in the input. */
  readonly offset: number;
  readonly frame: FrameHeader;
  /** The frame ends with it. */
  readonly last: boolean;
}

/**
 * Cuts zstd into frames and blocks, wherever chunks end, frame after frame; skippable frames are left out. A unit's
 * bytes are valid until the next chunk is pushed.
 */
export class ZstdFrames {
  private frame: FrameHeader | undefined;
  private expected: 'frame' | 'block' | 'checksum' = 'frame';
  /** Bytes of a skippable frame that are still to come. */
  private skip = 0;
  /** Of the unit at hand, with `needed` of it as far as is known. */
  private parts: Buffer[] = [];
  private held = 0;
  private needed = 1;
  /** Of the first byte that is held, or of the next one. */
  private offset = 0;

  /** Each iterable must be run to its end before the next chunk is pushed. Fails with Damage. */
  *push(chunk: Uint8Array): Generator<Unit> {
    if (this.held + chunk.length < this.needed) {
      this.hold(chunk);
      return;
    }
    let bytes = this.joined(chunk);
    this.needed = 1;
    while (bytes.length > 0) {
      const size = this.skip > 0 ? Math.min(this.skip, bytes.length) : this.sizeOf(bytes);
      if (size > bytes.length) {
        this.needed = size;
        break;
      }
      const unit = this.take(bytes.subarray(0, size));
      this.offset += size;
      bytes = bytes.subarray(size);
      if (unit !== undefined) yield unit;
    }
    this.hold(bytes);
  }

  /** The input has ended. Fails with Damage if a frame has not. */
  end(): void {
    if (this.held === 0 && this.skip === 0 && this.expected === 'frame') return;
    throw new Damage('it ends in the middle of the compressed data', this.offset + this.held, {
      kind: 'incomplete',
    });
  }

  private joined(chunk: Uint8Array): Buffer {
    const bytes =
      this.held === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([...this.parts, chunk]);
    this.parts = [];
    this.held = 0;
    return bytes;
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(Buffer.from(bytes));
    this.held += bytes.length;
  }

  /** Bytes of the unit that begins here, or more than there are if they do not tell. */
  private sizeOf(bytes: Buffer): number {
    if (this.expected === 'checksum') return CHECKSUM;
    if (this.expected === 'block') {
      if (bytes.length < BLOCK_HEADER) return BLOCK_HEADER;
      const { type, size } = blockHeader(bytes);
      return BLOCK_HEADER + (type === RLE ? 1 : size);
    }
    if (bytes.length < 4) return 4;
    const magic = bytes.readUInt32LE();
    if (isSkippable(magic)) return 8;
    if (magic !== MAGIC) throw new Damage('what comes here is no zstd', this.offset);
    return bytes.length < 5 ? 5 : headerBytes(bytes[4]!);
  }

  private take(bytes: Buffer): Unit | undefined {
    if (this.skip > 0) {
      this.skip -= bytes.length;
      return undefined;
    }
    if (this.expected === 'frame' && isSkippable(bytes.readUInt32LE())) {
      this.skip = bytes.readUInt32LE(4);
      return undefined;
    }
    const { expected, offset } = this;
    if (expected === 'frame') {
      this.frame = this.header(bytes);
      this.expected = 'block';
      return { kind: 'header', bytes, offset, frame: this.frame, last: false };
    }
    const frame = this.frame!;
    if (expected === 'block') {
      const { type, size, isLast } = blockHeader(bytes);
      if (type === RESERVED || size > Math.min(frame.windowBytes, MOST_BLOCK_BYTES)) {
        throw new Damage('no block begins here', offset);
      }
      if (isLast) this.expected = frame.hasChecksum ? 'checksum' : 'frame';
      return { kind: 'block', bytes, offset, frame, last: this.expected === 'frame' };
    }
    this.expected = 'frame';
    return { kind: 'checksum', bytes, offset, frame, last: true };
  }

  private header(bytes: Buffer): FrameHeader {
    const { isReserved, isSingle, hasChecksum, dictionaryBytes, contentBytes } = descriptor(bytes[4]!);
    const kind = 'unreadable';
    if (isReserved) throw new Damage('this frame is of an unknown kind', this.offset, { kind });
    let at = isSingle ? 5 : 6;
    if (bytes.subarray(at, at + dictionaryBytes).some((byte) => byte !== 0)) {
      throw new Damage('it was made with a dictionary, which is not here', this.offset, { kind });
    }
    at += dictionaryBytes;
    const content =
      contentBytes === 0 ? undefined : little(bytes, at, contentBytes) + (contentBytes === 2 ? 256 : 0);
    return { windowBytes: isSingle ? content! : windowBytes(bytes[5]!), contentBytes: content, hasChecksum };
  }
}

const RLE = 1;
const RESERVED = 3;

function blockHeader(bytes: Buffer): { type: number; size: number; isLast: boolean } {
  const header = bytes.readUIntLE(0, BLOCK_HEADER);
  return { isLast: (header & 1) === 1, type: (header >> 1) & 3, size: header >> 3 };
}

function isSkippable(magic: number): boolean {
  return magic >= FIRST_SKIPPABLE && magic < FIRST_SKIPPABLE + 16;
}

/** What the byte behind the magic says of the header's form. */
function descriptor(byte: number): {
  isSingle: boolean;
  isReserved: boolean;
  hasChecksum: boolean;
  dictionaryBytes: number;
  contentBytes: number;
} {
  const isSingle = (byte & 0x20) !== 0;
  return {
    isSingle,
    isReserved: (byte & 0x08) !== 0,
    hasChecksum: (byte & 0x04) !== 0,
    dictionaryBytes: [0, 1, 2, 4][byte & 3]!,
    contentBytes: [isSingle ? 1 : 0, 2, 4, 8][byte >> 6]!,
  };
}

function headerBytes(byte: number): number {
  const { isSingle, dictionaryBytes, contentBytes } = descriptor(byte);
  return (isSingle ? 5 : 6) + dictionaryBytes + contentBytes;
}

function windowBytes(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function little(bytes: Buffer, at: number, length: number): number {
  return length === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, length);
}

/** What makes frames into what they stand for. */
export interface ZstdDecoder {
  /** A frame that refers to what is further back is refused; bytes. */
  readonly mostWindowBytes: number;
  /** How to read a frame that was refused. */
  readonly instead: string;
  /** Where it fails, it has given all that was written before. */
  readonly isExact: boolean;
  open(frame: FrameHeader): FrameDecoder;
}

/** Of one frame. */
export interface FrameDecoder {
  /** Takes whole units and gives what they make. Fails with what is wrong with them. */
  write(bytes: Uint8Array, last: boolean): AsyncIterable<Uint8Array>;
  close(): void;
}
