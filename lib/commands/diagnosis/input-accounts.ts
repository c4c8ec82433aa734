import type { Batch, Input, SourcePlace } from '../../batch/batch.ts';
import { OTHER } from '../../batch/kinds.ts';
import type { RejectionReason } from '../../errors.ts';
import { excerpt } from '../../text/printable.ts';

/** How much of an input's beginning is kept, for framings to be tried on it. */
const HEAD_BYTES = 1 << 16;
/** Inputs that are kept an account of; of more only those that are at fault. */
const MOST_ACCOUNTS = 64;
/** An input that goes on is told of after so many records, or milliseconds, of which nothing was understood. */
const BARREN_RECORDS = 1000;
const BARREN_MS = 10_000;
/** Of a line that did not fit, characters. */
const EXCERPT = 100;

/** A record that did not fit. */
export interface Example {
  /** Of its first byte in the decompressed input; undefined where a framing made the bytes. */
  readonly offset: number | undefined;
  /** Where it came from, if the input was put together from several places. */
  readonly place?: SourcePlace | undefined;
  readonly reason: RejectionReason | undefined;
  /** Printable and short. */
  readonly text: string;
}

/** What became of the records of one input. */
export interface InputAccount {
  readonly input: Input;
  bytes: number;
  /** Rejected ones included. */
  records: number;
  rejected: number;
  /** Valid, of no known kind. */
  others: number;
  firstRejected: Example | undefined;
  firstOther: Example | undefined;
  /** The first bytes of the input, decompressed. */
  head: Buffer;
  /** When its first record came, milliseconds on a clock that only goes forward. */
  readonly since: number;
  /** Somebody was told of its faults already. */
  told: boolean;
}

export function understood({ records, rejected, others }: InputAccount): number {
  return records - rejected - others;
}

function isHealthy(account: InputAccount): boolean {
  return understood(account) > 0 && 2 * account.rejected <= account.records;
}

/** Keeps account of every input of a run. */
export class InputAccounts {
  private readonly accounts = new Map<Input, InputAccount>();
  private readonly onBarren: (account: InputAccount) => void;
  private readonly now: () => number;

  /** @param onBarren told once of an input that goes on although nothing of it is understood */
  constructor(onBarren: (account: InputAccount) => void, now = () => performance.now()) {
    this.onBarren = onBarren;
    this.now = now;
  }

  /** The same chunks; notes how each input begins. */
  async *watch<T extends { readonly input: Input }>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const chunk of chunks) {
      if ('bytes' in chunk) this.begin(chunk.input, chunk.bytes as Uint8Array);
      yield chunk;
    }
  }

  private begin(input: Input, bytes: Uint8Array): void {
    const account = this.of(input);
    account.bytes += bytes.length;
    const room = HEAD_BYTES - account.head.length;
    if (room > 0 && understood(account) === 0)
      account.head = Buffer.concat([account.head, bytes.subarray(0, room)]);
  }

  /** A batch of an input, and how many of its records are of no known kind. */
  classified(batch: Batch, others: number): void {
    const { input, rows, rejected } = batch;
    // the scrapes of an endpoint have their own account
    if (input.framing === 'scrape') return;
    const account = this.of(input);
    // what was measured where it was read has been understood, though it is no row
    account.records += rows + rejected.length + (batch.dismissed?.records ?? 0);
    account.rejected += rejected.length;
    account.others += others;
    const [first] = rejected;
    if (first !== undefined && account.firstRejected === undefined) {
      const { offset, reason, bytes } = first;
      account.firstRejected = {
        offset,
        place: input.placeOf?.(offset),
        reason,
        text: excerpt(bytes, EXCERPT),
      };
    }
    if (others > 0 && account.firstOther === undefined) account.firstOther = exampleOf(batch);
    if (!account.told && account.records > 0 && understood(account) === 0) this.lookAtBarren(account);
  }

  private lookAtBarren(account: InputAccount): void {
    if (account.records < BARREN_RECORDS && this.now() - account.since < BARREN_MS) return;
    account.told = true;
    this.onBarren(account);
  }

  private of(input: Input): InputAccount {
    let account = this.accounts.get(input);
    if (account === undefined) {
      if (this.accounts.size >= MOST_ACCOUNTS) this.forgetOne();
      account = {
        input,
        bytes: 0,
        records: 0,
        rejected: 0,
        others: 0,
        firstRejected: undefined,
        firstOther: undefined,
        head: Buffer.alloc(0),
        since: this.now(),
        told: false,
      };
      this.accounts.set(input, account);
    }
    return account;
  }

  /** One that has nothing to tell; else the beginnings that are kept, which are the larger part. */
  private forgetOne(): void {
    for (const [input, account] of this.accounts) {
      if (!isHealthy(account)) continue;
      this.accounts.delete(input);
      return;
    }
    for (const account of this.accounts.values()) account.head = Buffer.alloc(0);
  }

  /** Those that are at fault, in their order. */
  get faulty(): InputAccount[] {
    return [...this.accounts.values()].filter((account) => !isHealthy(account));
  }
}

function exampleOf({ kind, bytes, offset, length, rows }: Batch): Example | undefined {
  for (let row = 0; row < rows; row++) {
    if (kind[row] !== OTHER) continue;
    const record = bytes.subarray(offset[row]!, offset[row]! + length[row]!);
    return { offset: undefined, reason: undefined, text: excerpt(record, EXCERPT) };
  }
  return undefined;
}
