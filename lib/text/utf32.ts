/** UTF-32: told by its mark or by how ASCII looks in it, given as UTF-8. */

/** Bytes of a character. */
const WIDTH = 4;
const LAST = 0x10ffff;

export type Utf32 = 'little' | 'big';

/** The byte order of text that begins with `head`; undefined where it is not UTF-32. */
export function utf32Of(head: Uint8Array): Utf32 | undefined {
  if (head.length < WIDTH) return undefined;
  const [a, b, c, d] = head as unknown as [number, number, number, number];
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'little';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'big';
  if (head.length < 2 * WIDTH) return undefined;
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

function textOf(bytes: Buffer, order: Utf32): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const code = order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    const isCharacter = code <= LAST && (code < 0xd800 || code > 0xdfff);
    parts.push(String.fromCodePoint(isCharacter ? code : 0xfffd));
  }
  return parts.join('');
}
