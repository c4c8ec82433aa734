import { asBuffer, LF } from '../../text/bytes.ts';
import type { SeamSession } from './seam.ts';

/** A longer line is no record, whatever the limit for records: it is told from others by its beginning. */
const MOST_KEPT = 1 << 24;
const nothing = Buffer.alloc(0);
const lineEnd = Buffer.from('\n');

/** Cuts what one connection gives into lines, and leaves those out that were seen before. */
export class NewLines {
  private readonly session: SeamSession;
  private begun: Buffer[] = [];
  private length = 0;
  /** Of a line that is too long to be kept: whether it is new. */
  private passing: boolean | undefined;
  /** Lines that were new. */
  admitted = 0;

  constructor(session: SeamSession) {
    this.session = session;
  }

  /** The new lines that are whole now, in runs of bytes that share the chunk's memory where they can. */
  *push(chunk: Uint8Array): Generator<Buffer> {
    const bytes = asBuffer(chunk);
    let end = bytes.indexOf(LF);
    if (end < 0) {
      yield* this.keep(bytes);
      return;
    }
    yield* this.finish(bytes.subarray(0, end + 1));
    const from = end + 1;
    // neighbours go out together
    let start = from;
    let at = from;
    for (end = bytes.indexOf(LF, at); end >= 0; end = bytes.indexOf(LF, at)) {
      if (!this.isNew(bytes.subarray(at, end))) {
        if (start < at) yield bytes.subarray(start, at);
        start = end + 1;
      }
      at = end + 1;
    }
    if (start < at) yield bytes.subarray(start, at);
    yield* this.keep(bytes.subarray(at));
  }

  /** What stands behind the last line end: a line that the connection broke off, or a last one that has none. */
  get rest(): Buffer {
    return this.passing === undefined ? Buffer.concat(this.begun) : nothing;
  }

  /** Nothing more comes; a line of which something was handed on is ended. */
  *end(): Generator<Buffer> {
    if (this.passing) yield lineEnd;
  }

  private *finish(piece: Buffer): Generator<Buffer> {
    const line = this.begun.length === 0 ? piece : Buffer.concat([...this.begun, piece]);
    // the end of a line counts from where it is admitted on
    if (this.passing) this.session.extend(line.length - 1);
    const isPassed = this.passing ?? this.isNew(line.subarray(0, line.length - 1));
    this.begun = [];
    this.length = 0;
    this.passing = undefined;
    if (isPassed) yield line;
  }

  private *keep(piece: Buffer): Generator<Buffer> {
    if (piece.length === 0) return;
    if (this.passing !== undefined) {
      if (!this.passing) return;
      this.session.extend(piece.length);
      yield piece;
      return;
    }
    // a copy would be cheap, but the memory is the line's own as long as it is not whole
    this.begun.push(piece);
    this.length += piece.length;
    if (this.length <= MOST_KEPT) return;
    const beginning = Buffer.concat(this.begun);
    this.begun = [];
    this.passing = this.isNew(beginning);
    if (this.passing) yield beginning;
  }

  private isNew(line: Buffer): boolean {
    const isNew = this.session.admit(line);
    if (isNew) this.admitted++;
    return isNew;
  }
}
