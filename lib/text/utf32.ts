/** UTF-32: told by its mark or by how ASCII looks in it, given as UTF-8. */

import { asBuffer } from './bytes.ts';

/** Bytes of a character. */
const WIDTH = 4;
const LAST = 0x10ffff;
const MARK = 0xfeff;

export type Utf32 = 'little' | 'big';

/** The byte order of text that begins with `head`; undefined where it is not UTF-32. */
export function utf32Of(head: Uint8Array): Utf32 | undefined {
  if (head.length < 2 * WIDTH) return undefined;
  const bytes = asBuffer(head);
  // what begins with the mark of UTF-16 and NULs has no such character behind it
  if (bytes.readUInt32LE() === MARK && isCharacter(bytes.readUInt32LE(WIDTH))) return 'little';
  if (bytes.readUInt32BE() === MARK && isCharacter(bytes.readUInt32BE(WIDTH))) return 'big';
  const isText = (at: number): boolean => {
    for (let k = 0; k < 2 * WIDTH; k++) {
      const byte = head[k]!;
      if (k % WIDTH === at ? byte < 0x09 || byte > 0x7e : byte !== 0) return false;
    }
    return true;
  };
  return isText(0) ? 'little' : isText(WIDTH - 1) ? 'big' : undefined;
}

/** The same text as UTF-8, its mark included; what is no character becomes U+FFFD. */
export async function* fromUtf32(
  chunks: AsyncIterable<Uint8Array>,
  order: Utf32,
): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % WIDTH);
    if (end > 0) yield Buffer.from(textOf(bytes.subarray(0, end), order));
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield Buffer.from('\ufffd');
}

const isCharacter = (code: number): boolean => code > 0 && code <= LAST && (code < 0xd800 || code > 0xdfff);

function textOf(bytes: Buffer, order: Utf32): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const code = order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    parts.push(String.fromCodePoint(isCharacter(code) || code === 0 ? code : 0xfffd));
  }
  return parts.join('');
}
