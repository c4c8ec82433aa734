import type { Batch } from '../batch/batch.ts';
import type { Framer, Frames } from '../batch/framer.ts';
import type { Parser } from './parser.ts';

/** What makes a batch of frames by itself. */
export interface FramesReader {
  batch(frames: Frames): Batch;
}

/** Any framing whose records are found before they are read. */
export class FramedParser implements Parser {
  private readonly framer: Framer;
  private readonly read: (frames: Frames) => Iterable<Batch>;

  constructor(framer: Framer, read: (frames: Frames) => Iterable<Batch>) {
    this.framer = framer;
    this.read = read;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Batch> {
    // framers and batches keep parts of it for longer than it is theirs
    for (const frames of this.framer.push(Buffer.from(chunk))) yield* this.read(frames);
  }

  *end(cut?: boolean): Generator<Batch> {
    for (const frames of this.framer.end(cut)) yield* this.read(frames);
  }

  get waiting(): boolean {
    return this.framer.waiting ?? false;
  }

  get waitingFrom(): number | undefined {
    return this.framer.waitingFrom;
  }

  *settle(): Generator<Batch> {
    for (const frames of this.framer.settle?.() ?? []) yield* this.read(frames);
  }
}
