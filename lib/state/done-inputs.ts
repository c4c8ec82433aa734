import { read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { MirrormonError } from '../errors.ts';
import type { OpenFile } from '../inputs/open-file.ts';
import type { Start } from '../inputs/start.ts';
import { Xxh64 } from '../math/identity/record-hash.ts';
import { thousands } from '../text/thousands.ts';

const readDescriptor = promisify(readWithCallback);

/** Bytes at the beginning of a file by which it is known again, compressed where it is. */
const HEAD_BYTES = 4096;

/** A file that was read to its end. */
export interface DoneInput {
  readonly name: string;
  readonly size: number;
  readonly head: string;
}

/** A file that was read up to a line. */
export interface AmidInput extends DoneInput {
  readonly framing: string;
  /** Of the line, decompressed. */
  readonly offset: number;
  /** How many bytes before it were looked at, and their hash. */
  readonly tail: number;
  readonly tailHash: string;
}

const known =
  ({ head, size }: DoneInput) =>
  (input: DoneInput): boolean =>
    input.head === head && input.size === size;

/**
 * The files that a run has read, to their end or up to a line, known again by size and beginning: whatever they are called
 * by now. One that is named twice is read twice.
 */
export class DoneInputs {
  readonly done: DoneInput[];
  readonly amid: AmidInput[];
  /** Of those before, what was not met again. */
  private readonly before: DoneInput[];
  private readonly opened = new Map<string, DoneInput>();

  constructor(done: readonly DoneInput[] = [], amid: readonly AmidInput[] = []) {
    this.done = [...done];
    this.amid = [...amid];
    this.before = [...done];
  }

  /**
   * Where a file is to be begun, if not at its beginning; `done`: it was read before.
   * @throws {MirrormonError} STATE_UNUSABLE if it was, and has changed since
   */
  async startOf(file: OpenFile): Promise<Start | 'done' | undefined> {
    const { name, size } = file;
    const input = { name, size, head: await headOf(file) };
    this.opened.set(name, input);
    if (size === 0) return undefined;
    const same = this.before.findIndex(known(input));
    if (same >= 0) {
      this.before.splice(same, 1);
      return 'done';
    }
    const amid = this.amid.find(known(input));
    if (amid !== undefined) return startOf(amid, name);
    const other = [...this.before, ...this.amid].find(({ head }) => head === input.head);
    if (other === undefined) return undefined;
    throw changed(name, `it had ${thousands(other.size)} bytes, and has ${thousands(size)}`);
  }

  /** A file has been read to its end. */
  add(name: string): void {
    const input = this.opened.get(name);
    if (input === undefined) return;
    this.leave(input);
    this.done.push(input);
  }

  /** A file has been read up to the line behind these bytes. */
  reach(name: string, framing: string, offset: number, tail: Uint8Array): void {
    const input = this.opened.get(name);
    if (input === undefined) return;
    this.leave(input);
    this.amid.push({ ...input, framing, offset, tail: tail.length, tailHash: hashOf(tail) });
  }

  private leave(input: DoneInput): void {
    const place = this.amid.findIndex(known(input));
    if (place >= 0) this.amid.splice(place, 1);
  }
}

function startOf({ offset, framing, tail, tailHash }: AmidInput, name: string): Start {
  return {
    ...{ offset, framing, tail },
    mismatch: (bytes) =>
      hashOf(bytes) === tailHash
        ? undefined
        : changed(name, `what stood before byte ${thousands(offset)} is not there any more`),
  };
}

function changed(where: string, how: string): MirrormonError {
  return new MirrormonError('STATE_UNUSABLE', `it has changed since it was read: ${how}`, {
    where,
    hint: '--state goes on behind what was read: name files that are written no more',
  });
}

async function headOf({ descriptor, size }: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(Math.min(HEAD_BYTES, size));
  const { bytesRead } = await readDescriptor(descriptor, bytes, 0, bytes.length, 0);
  return `${hashOf(bytes.subarray(0, bytesRead))}.${bytesRead}`;
}

function hashOf(bytes: Uint8Array): string {
  const { low, high } = new Xxh64().of(bytes);
  return `${(high >>> 0).toString(16)}.${(low >>> 0).toString(16)}`;
}
