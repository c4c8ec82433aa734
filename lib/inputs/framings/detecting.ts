import type { Framer, Frames } from '../../parser.ts';
import { asBuffer } from './blocks.ts';
import { type DetectedFraming, detectFraming } from './detect.ts';

const LF = 0x0a;

/** Holds the head of an input until its framing can be told, then hands over. */
export class DetectingFramer implements Framer {
  private readonly open: (framing: DetectedFraming) => Framer;
  private head: Buffer[] = [];
  private length = 0;
  /** Length of the head at the last look. */
  private looked = 0;
  private framer: Framer | undefined;

  constructor(open: (framing: DetectedFraming) => Framer) {
    this.open = open;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Frames> {
    if (this.framer !== undefined) {
      yield* this.framer.push(chunk);
      return;
    }
    this.head.push(asBuffer(chunk));
    this.length += chunk.length;
    // A head that comes byte by byte is looked at when a line is whole or it has doubled, not at every byte.
    if (chunk.includes(LF) || this.length >= 2 * this.looked) yield* this.detect(false);
  }

  *end(): Generator<Frames> {
    if (this.framer === undefined) yield* this.detect(true);
    yield* this.framer!.end();
  }

  private *detect(complete: boolean): Generator<Frames> {
    const head = Buffer.concat(this.head);
    this.head = [head];
    this.looked = head.length;
    const framing = detectFraming(head, complete);
    if (framing === undefined) return;
    this.framer = this.open(framing);
    this.head = [];
    yield* this.framer.push(head);
  }
}
