import { AccountBatch } from '../../batch/account-batch.ts';
import type { Batch } from '../../batch/batch.ts';
import type { Parser, Rest } from '../parser.ts';
import { pushRest } from '../rest.ts';
import type { ScannerParser } from './scanner-parser.ts';

/** Bytes whose accounts are given as one: on its way a batch costs as much as scanning a fifth of a megabyte. */
const BYTES_OF_ACCOUNT = 1 << 23;

/** Reads lines on one thread, and takes the ticks that were logged at barriers. */
export class ScannerAlone implements Parser {
  private readonly parser: ScannerParser;
  private readonly takeTicks: (() => void) | undefined;

  /** @param takeTicks not set where nothing is measured as it is scanned */
  constructor(parser: ScannerParser, takeTicks?: () => void) {
    this.parser = parser;
    this.takeTicks = takeTicks;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Batch> {
    const { parser, takeTicks } = this;
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (takeTicks !== undefined) {
      for (let cut = parser.cutAtBarrier(bytes); cut > 0; cut = parser.cutAtBarrier(bytes)) {
        yield* parser.push(bytes.subarray(0, cut));
        takeTicks();
        bytes = bytes.subarray(cut);
      }
    }
    yield* parser.push(bytes);
  }

  get waiting(): boolean {
    return this.parser.waiting;
  }

  get waitingFrom(): number | undefined {
    return this.parser.waitingFrom;
  }

  settle(): Iterable<Batch> {
    return this.parser.settle();
  }

  end(cut?: boolean): Iterable<Batch> {
    return this.parser.end(cut);
  }

  rest(rest: Rest): AsyncIterable<Batch> {
    return rest.pauses === true ? pushRest(this, rest) : this.readAll(rest);
  }

  /** What comes of nothing but accounts is given seldom. */
  private async *readAll(rest: Rest): AsyncGenerator<Batch> {
    let account: AccountBatch | undefined;
    for await (const bytes of rest.bytes()) {
      for (const batch of this.push(bytes)) {
        if (isAccount(batch)) {
          account = joined(account, batch);
          batch.release();
          if (account.consumed < BYTES_OF_ACCOUNT) continue;
          yield account;
        } else {
          if (account !== undefined) yield account;
          yield batch;
        }
        account = undefined;
      }
    }
    if (account !== undefined) yield account;
  }
}

/** Whether all that it says is how much was measured. */
function isAccount({ rows, rejected, dismissed }: Batch): boolean {
  return rows === 0 && rejected.length === 0 && dismissed !== undefined;
}

function joined(one: AccountBatch | undefined, { input, base, consumed, dismissed }: Batch): AccountBatch {
  if (one === undefined) return new AccountBatch(input, base, consumed, dismissed!);
  const { records, measured, newest } = one.dismissed;
  return new AccountBatch(input, one.base, one.consumed + consumed, {
    records: records + dismissed!.records,
    measured: measured + dismissed!.measured,
    newest: Math.max(newest, dismissed!.newest),
  });
}
