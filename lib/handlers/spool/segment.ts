import { type FileHandle, open, unlink } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Waiting } from './spool.ts';

/** What stands before each body: whether it was delivered, its sizes, and a checksum of all that. Little endian. */
const HEADER_BYTES = 21;
const WAITING = 1;
const DELIVERED = 2;

/** Where a parcel lies in a segment, and what is known of it without its body. */
export interface Place {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
  readonly bytes: number;
  readonly report: boolean;
}

/** Node 20.15 has crc32; before that a torn end is told by its length alone. */
const checksum = (body: Uint8Array): number => (typeof crc32 === 'function' ? crc32(body) : 0);

/** One file of a spool on disk: parcels one behind the other, appended to and read from the front. */
export class Segment {
  readonly path: string;
  /** Of the parcels that wait; whoever takes one takes it out. */
  readonly places: Place[] = [];
  private readonly file: FileHandle;
  /** Where the next parcel goes. */
  private end = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  static async create(path: string): Promise<Segment> {
    return new Segment(path, await open(path, 'wx+', 0o600));
  }

  /** Takes up what an earlier run left; a parcel that was cut by its end is left out. */
  static async takeUp(path: string): Promise<Segment> {
    const segment = new Segment(path, await open(path, 'r+'));
    const { size } = await segment.file.stat();
    const header = Buffer.alloc(HEADER_BYTES);
    for (;;) {
      const { bytesRead } = await segment.file.read(header, 0, HEADER_BYTES, segment.end);
      const place = bytesRead === HEADER_BYTES ? placeOf(header, segment.end) : undefined;
      if (place === undefined || place.offset + place.size > size) break;
      if (header[0] === WAITING && (await segment.body(place)) !== undefined) segment.places.push(place);
      segment.end = place.offset + place.size;
    }
    return segment;
  }

  get size(): number {
    return this.end;
  }

  async append({ body, count, bytes, report }: Waiting): Promise<void> {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = WAITING;
    header.writeUInt32LE(body.length, 1);
    header.writeUInt32LE(count, 5);
    header.writeUIntLE(bytes, 9, 6);
    header[15] = report ? 1 : 0;
    header.writeUInt32LE(checksum(body), 16);
    header[20] = header.subarray(1, 20).reduce((sum, byte) => (sum + byte) & 0xff, 0);
    const whole = Buffer.concat([header, body]);
    const { bytesWritten } = await this.file.write(whole, 0, whole.length, this.end);
    if (bytesWritten < whole.length) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    this.places.push({ offset: this.end + HEADER_BYTES, size: body.length, count, bytes, report });
    this.end += whole.length;
  }

  /** undefined where the bytes are not those that were written. */
  async body({ offset, size }: Place): Promise<Buffer | undefined> {
    const header = Buffer.alloc(4);
    const body = Buffer.allocUnsafe(size);
    await this.file.read(header, 0, 4, offset - HEADER_BYTES + 16);
    const { bytesRead } = await this.file.read(body, 0, size, offset);
    return bytesRead === size && header.readUInt32LE(0) === checksum(body) ? body : undefined;
  }

  /** A parcel will not be wanted again, by nobody. */
  async settle({ offset }: Place): Promise<void> {
    await this.file.write(Buffer.of(DELIVERED), 0, 1, offset - HEADER_BYTES);
  }

  async sync(): Promise<void> {
    await this.file.datasync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }
}

function placeOf(header: Buffer, at: number): Place | undefined {
  const sum = header.subarray(1, 20).reduce((total, byte) => (total + byte) & 0xff, 0);
  if (header[20] !== sum || (header[0] !== WAITING && header[0] !== DELIVERED)) return undefined;
  return {
    offset: at + HEADER_BYTES,
    size: header.readUInt32LE(1),
    count: header.readUInt32LE(5),
    bytes: header.readUIntLE(9, 6),
    report: header[15] === 1,
  };
}
