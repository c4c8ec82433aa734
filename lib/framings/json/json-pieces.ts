import { LF } from '../../text/bytes.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET } from '../../text/json.ts';

/** The longest piece: what the tokenizer may have to wait for within a string. */
const MAX_PIECE = 512;

export interface Piece {
  /** Valid until the next piece is asked for. */
  readonly bytes: Buffer;
  /** Absolute offset behind its last byte. */
  readonly end: number;
  /** Whether it begins behind a line feed. */
  readonly opensLine: boolean;
}

/**
 * Cuts JSON text behind every bracket, brace and line feed (in strings too, where it does no harm), and behind commas
 * and colons while `fine` is set. A token of the tokenizer that belongs to a bracket then belongs to the last byte of
 * the piece that was fed, which is how offsets are known. Where pieces end depends on the text alone, never on how it
 * was cut into chunks, and so does all that follows from them.
 */
export class Pieces {
  fine = true;
  private readonly held = Buffer.alloc(MAX_PIECE);
  private heldLength = 0;
  private position = 0;
  private opensLine = true;

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Buffer): Generator<Piece> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const full = this.heldLength + (i + 1 - start) === MAX_PIECE;
      if (!full && !this.isCut(chunk[i]!)) continue;
      yield this.piece(chunk.subarray(start, i + 1));
      start = i + 1;
    }
    chunk.copy(this.held, this.heldLength, start);
    this.heldLength += chunk.length - start;
  }

  /** What follows the last cut, if anything does. */
  *end(): Generator<Piece> {
    if (this.heldLength > 0) yield this.piece(Buffer.alloc(0));
  }

  private piece(last: Buffer): Piece {
    let bytes = last;
    if (this.heldLength > 0) {
      bytes = Buffer.concat([this.held.subarray(0, this.heldLength), last]);
      this.heldLength = 0;
    }
    const opensLine = this.opensLine;
    this.position += bytes.length;
    this.opensLine = bytes[bytes.length - 1] === LF;
    return { bytes, end: this.position, opensLine };
  }

  private isCut(c: number): boolean {
    switch (c) {
      case OPEN_BRACE:
      case CLOSE_BRACE:
      case OPEN_BRACKET:
      case CLOSE_BRACKET:
      case LF:
        return true;
      case COMMA:
      case COLON:
        return this.fine;
      default:
        return false;
    }
  }
}
