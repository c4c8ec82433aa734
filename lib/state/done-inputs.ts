import { read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { MirrormonError } from '../errors.ts';
import type { OpenFile } from '../inputs/open-file.ts';
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

/**
 * The files that a run has read to their end, known again by size and beginning: whatever they are called by now. One
 * that is named twice is read twice.
 */
export class DoneInputs {
  private readonly done: DoneInput[];
  /** Of those before, what was not met again. */
  private readonly before: DoneInput[];
  private readonly opened = new Map<string, DoneInput>();

  constructor(done: readonly DoneInput[] = []) {
    this.done = [...done];
    this.before = [...done];
  }

  list(): readonly DoneInput[] {
    return this.done;
  }

  /**
   * Whether a file was read before, in which case it is not to be read again.
   * @throws {MirrormonError} STATE_UNUSABLE if it was, and has changed since
   */
  async has(file: OpenFile): Promise<boolean> {
    const { name, size } = file;
    const head = await headOf(file);
    this.opened.set(name, { name, size, head });
    if (size === 0) return false;
    const same = this.before.findIndex((input) => input.head === head && input.size === size);
    if (same >= 0) {
      this.before.splice(same, 1);
      return true;
    }
    const known = this.before.find((input) => input.head === head);
    if (known === undefined) return false;
    throw new MirrormonError(
      'STATE_UNUSABLE',
      `it has changed since it was read: it had ${thousands(known.size)} bytes, and has ${thousands(size)}`,
      { where: name, hint: '--state goes on behind whole files: name those that are written no more' },
    );
  }

  /** A file has been read to its end. */
  add(name: string): void {
    const input = this.opened.get(name);
    if (input !== undefined) this.done.push(input);
  }
}

async function headOf({ descriptor, size }: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(Math.min(HEAD_BYTES, size));
  const { bytesRead } = await readDescriptor(descriptor, bytes, 0, bytes.length, 0);
  const { low, high } = new Xxh64().of(bytes.subarray(0, bytesRead));
  return `${(high >>> 0).toString(16)}.${(low >>> 0).toString(16)}.${bytesRead}`;
}
