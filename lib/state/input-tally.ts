import type { Batch, Input } from '../batch/batch.ts';
import { Xxh64 } from '../math/identity/record-hash.ts';

/** Bytes at the beginning of an input by which it is known again, wherever it lies and whatever it is called. */
const HEAD_BYTES = 1024;

/** What a state says of an input. */
export interface TalliedInput {
  readonly name: string;
  readonly framing: string;
  /** Decompressed. */
  readonly bytes: number;
  /** Rejected ones included. */
  readonly records: number;
  /** XXH64 of its first bytes, at most 1 KiB of them, decompressed; 16 hexadecimal digits. */
  readonly head: string;
}

interface Tally {
  bytes: number;
  records: number;
  head: Buffer;
}

/** How much of each input was read. */
export class InputTallies {
  private readonly tallies = new Map<Input, Tally>();

  /** The same chunks; notes how each input begins. */
  async *watch<T extends { readonly input: Input }>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const chunk of chunks) {
      if ('bytes' in chunk) this.begin(this.of(chunk.input), chunk.bytes as Uint8Array);
      yield chunk;
    }
  }

  /** A batch was read of an input. */
  read({ input, rows, rejected, dismissed, consumed }: Batch): void {
    const tally = this.of(input);
    tally.bytes += consumed;
    tally.records += rows + rejected.length + (dismissed?.records ?? 0);
  }

  list(): TalliedInput[] {
    return Array.from(this.tallies, ([{ name, framing }, { bytes, records, head }]) => {
      const { low, high } = new Xxh64().of(head);
      return { name, framing, bytes, records, head: hex(high) + hex(low) };
    });
  }

  private begin(tally: Tally, bytes: Uint8Array): void {
    const room = HEAD_BYTES - tally.head.length;
    if (room > 0) tally.head = Buffer.concat([tally.head, bytes.subarray(0, room)]);
  }

  private of(input: Input): Tally {
    let tally = this.tallies.get(input);
    if (tally === undefined) {
      tally = { bytes: 0, records: 0, head: Buffer.alloc(0) };
      this.tallies.set(input, tally);
    }
    return tally;
  }
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
