import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { MirrormonError } from '../errors.ts';
import { Xxh64 } from '../math/identity/record-hash.ts';
import { beginsAsState, joinSections, MAGIC, type Sections, splitSections } from './state-parts.ts';

/** Of the format of all sections together: another one is refused before 1.0. */
export const FORMAT = 1;
/** The first line: the format, bytes behind the line, and their XXH64. */
const FIRST_LINE = /^mirrormon state (\d+) (\d+) ([0-9a-f]{16})\n/;
const LONGEST_FIRST_LINE = 80;
/** What a state unpacks to, at most: one that says more is no state of ours. */
const MOST_BYTES = 2 ** 31 - 1;

const pack = promisify(gzip);
const unpack = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);

/** Sections as one file: a line that tells what it is, then all of them, compressed. */
export async function seal(sections: Sections): Promise<Buffer> {
  // in a thread of its own, and quickly: a state of many series is written often
  const packed = await pack(joinSections(sections), { level: constants.Z_BEST_SPEED });
  return Buffer.concat([Buffer.from(`${MAGIC} ${FORMAT} ${packed.length} ${hashOf(packed)}\n`), packed]);
}

/**
 * The sections of a sealed state.
 * @param name what messages call it
 * @throws {MirrormonError} STATE_UNUSABLE
 */
export async function unseal(bytes: Buffer, name: string): Promise<Sections> {
  const packed = packedPart(bytes, name);
  try {
    return splitSections(await unpack(packed, { maxOutputLength: MOST_BYTES }));
  } catch (error) {
    throw damaged(name, error instanceof Error ? error.message : String(error));
  }
}

export function damaged(name: string, what: string): MirrormonError {
  return new MirrormonError('STATE_UNUSABLE', `this state is damaged: ${what}`, {
    where: name,
    hint: 'take a copy of it, or write it again',
  });
}

function packedPart(bytes: Buffer, name: string): Buffer {
  const head = bytes.toString('latin1', 0, LONGEST_FIRST_LINE);
  if (!beginsAsState(head)) {
    throw new MirrormonError('STATE_UNUSABLE', 'this is no state of mirrormon', {
      where: name,
      hint: '--partial FILE and --state FILE write them',
    });
  }
  const [line, format, length, hash] = FIRST_LINE.exec(head) ?? [];
  if (line === undefined) throw damaged(name, 'its first line');
  if (Number(format) !== FORMAT) {
    throw new MirrormonError(
      'STATE_UNUSABLE',
      `its format is ${format}, and this mirrormon reads and writes ${FORMAT}`,
      { where: name, hint: 'use the mirrormon that wrote it, or write it again' },
    );
  }
  const packed = bytes.subarray(line.length);
  if (packed.length < Number(length)) {
    throw damaged(name, `${Number(length) - packed.length} of ${length} bytes are missing at its end`);
  }
  if (packed.length > Number(length)) throw damaged(name, `something follows its ${length} bytes`);
  if (hashOf(packed) !== hash) throw damaged(name, 'its bytes are not what was written');
  return packed;
}

function hashOf(bytes: Uint8Array): string {
  const { low, high } = new Xxh64().of(bytes);
  return hex(high) + hex(low);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
