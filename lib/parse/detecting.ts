import type { Batch } from '../batch/batch.ts';
import type { Path } from '../batch/wants.ts';
import { type DetectedFraming, detectFraming, detectRecords } from '../framings/index.ts';
import { LF } from '../text/bytes.ts';
import type { Parser, Rest } from './parser.ts';
import { pushRest } from './rest.ts';

/** @param records where an export has them, if that can be told */
type OpenDetected = (framing: DetectedFraming, records: Path | undefined) => Parser;

/** Holds the head of an input until its framing can be told, then hands over to the parser for it. */
export class DetectingParser implements Parser {
  private readonly open: OpenDetected;
  private head: Uint8Array[] = [];
  private length = 0;
  /** Length of the head at the last look. */
  private looked = 0;
  private parser: Parser | undefined;

  constructor(open: OpenDetected) {
    this.open = open;
  }

  push(chunk: Uint8Array): Iterable<Batch> | AsyncIterable<Batch> {
    if (this.parser !== undefined) return this.parser.push(chunk);
    this.length += chunk.length;
    // a head that comes byte by byte is looked at when a line is whole or it has doubled, not at every byte
    if (chunk.includes(LF) || this.length >= 2 * this.looked) return this.detect(false, chunk);
    this.head.push(Buffer.from(chunk));
    return [];
  }

  get waiting(): boolean {
    return this.parser?.waiting ?? false;
  }

  get waitingFrom(): number | undefined {
    return this.parser?.waitingFrom;
  }

  settle(): Iterable<Batch> {
    return this.parser?.settle?.() ?? [];
  }

  async *end(cut?: boolean): AsyncGenerator<Batch> {
    if (this.parser === undefined) yield* this.detect(true);
    yield* this.parser!.end(cut);
  }

  async *rest(rest: Rest): AsyncGenerator<Batch> {
    if (this.parser?.rest !== undefined) yield* this.parser.rest(rest);
    else yield* pushRest(this, rest);
  }

  private detect(
    complete: boolean,
    chunk: Uint8Array = new Uint8Array(0),
  ): Iterable<Batch> | AsyncIterable<Batch> {
    const head = this.head.length === 0 ? chunk : Buffer.concat([...this.head, chunk]);
    this.looked = head.length;
    const framing = detectFraming(head, complete);
    this.head = framing === undefined ? [Buffer.from(head)] : [];
    if (framing === undefined) return [];
    this.parser = this.open(framing, framing === 'json' ? detectRecords(head) : undefined);
    return this.parser.push(head);
  }
}
