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
  /** Behind the last piece. */
  position = 0;
  /** Bytes of the last piece that earlier chunks had. */
  lastHeld = 0;
  private opensLine = true;

  /** The next piece that ends in the chunk, from `from` on; undefined if none does: what there is is held. */
  next(chunk: Buffer, from: number): Piece | undefined {
    for (let i = from; i < chunk.length; i++) {
      const full = this.heldLength + (i + 1 - from) === MAX_PIECE;
      if (full || this.isCut(chunk[i]!)) return this.piece(chunk.subarray(from, i + 1));
    }
    chunk.copy(this.held, this.heldLength, from);
    this.heldLength += chunk.length - from;
    return undefined;
  }

  /** Others have read that many bytes, of which the last is this one. Nothing is held then. */
  pass(bytes: number, last: number): void {
    if (bytes === 0) return;
    this.position += bytes;
    this.opensLine = last === LF;
  }

  /** What follows the last cut, if anything does. */
  end(): Piece | undefined {
    return this.heldLength > 0 ? this.piece(Buffer.alloc(0)) : undefined;
  }

  private piece(last: Buffer): Piece {
    let bytes = last;
    this.lastHeld = this.heldLength;
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
