import type { Transform } from 'node:stream';

/** Of output: twice as fast as the default of 16 KiB. */
export const ZLIB_CHUNK = 1 << 20;

/** One of node:zlib's streams. */
export interface ZlibStream extends Transform {
  /** Bytes of input that have been used. */
  readonly bytesWritten: number;
}

/**
 * A stream of node:zlib, written to and read in turn. It works in the system's threads, and a chunk ahead of the
 * reader: while that has one, the next is made.
 */
export class ZlibEngine {
  private readonly stream: ZlibStream;
  private readonly made: Uint8Array[] = [];
  private failure: NodeJS.ErrnoException | undefined;
  private accepted = false;
  private wake: () => void = () => {};

  constructor(stream: ZlibStream) {
    this.stream = stream;
    stream
      .on('data', (chunk: Uint8Array) => {
        this.made.push(chunk);
        stream.pause();
        this.wake();
      })
      .on('end', () => this.wake())
      .on('error', (error) => {
        this.failure = error;
        this.wake();
      });
  }

  /** The compressed data is at its end, whatever was written behind it. */
  get ended(): boolean {
    return this.stream.readableEnded;
  }

  get bytesUsed(): number {
    return this.stream.bytesWritten;
  }

  /** Gives what the bytes make, as the reader asks for it. Fails with what zlib says, behind all that it gave. */
  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    this.accepted = false;
    this.stream.write(bytes, (error) => {
      // a failure also comes as an event, with its code
      this.accepted = !error;
      this.wake();
    });
    yield* this.output();
  }

  /** Nothing follows: fails if something is missing. */
  async *end(): AsyncGenerator<Uint8Array> {
    this.accepted = false;
    this.stream.end();
    yield* this.output();
  }

  close(): void {
    this.stream.destroy();
  }

  private async *output(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      const chunk = this.made.shift();
      if (chunk !== undefined) {
        this.stream.resume();
        yield chunk;
      } else if (this.failure !== undefined) throw this.failure;
      else if ((this.accepted && this.stream.readableLength === 0) || this.ended) return;
      else await woken;
    }
  }
}
