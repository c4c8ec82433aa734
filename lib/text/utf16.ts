/**
 * UTF-16, as Windows PowerShell 5.1 writes it: told by its mark or by how ASCII looks in it, given as UTF-8. Its `>>` adds
 * such text to a file of UTF-8, too, and others add UTF-8 to a file that its `>` began.
 */
import { StringDecoder } from 'node:string_decoder';

export type ByteOrder = 'little' | 'big';

/** Bytes that are looked at: four characters of ASCII. */
const LOOKED_AT = 8;

/** Whether more bytes than these could tell. */
export function mayBeUtf16(head: Uint8Array): boolean {
  if (head.length >= LOOKED_AT || head.length === 0) return false;
  return head[0] === 0xff || head[0] === 0xfe || head.includes(0) || (head.length === 1 && head[0] === 0x7b);
}

/** The byte order of text that begins with `head`; undefined where it is not UTF-16. */
export function utf16Of(head: Uint8Array): ByteOrder | undefined {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'little';
  if (first === 0xfe && second === 0xff) return 'big';
  if (head.length < LOOKED_AT) return undefined;
  const isText = (start: number): boolean => {
    for (let k = start; k < LOOKED_AT; k += 2) if (head[k]! < 0x09 || head[k]! > 0x7e) return false;
    for (let k = 1 - start; k < LOOKED_AT; k += 2) if (head[k] !== 0) return false;
    return true;
  };
  return isText(0) ? 'little' : isText(1) ? 'big' : undefined;
}

/** A text of which all is here, without its mark; `order` is what utf16Of said of its beginning. */
export function textOfUtf16(bytes: Buffer, order: ByteOrder): string {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = order === 'big' ? Buffer.from(whole).swap16() : whole;
  return text.toString('utf16le').replace(/^\ufeff/, '');
}

/**
 * The same text as UTF-8, its mark included. What is no UTF-16 becomes U+FFFD; from a line on that is UTF-8 by its look,
 * the bytes are given as they come.
 */
export async function* fromUtf16(
  chunks: AsyncIterable<Uint8Array>,
  order: ByteOrder,
): AsyncGenerator<Uint8Array> {
  const decoder = new StringDecoder('utf16le');
  const textOf = (bytes: Buffer): string =>
    decoder.write(order === 'big' ? Buffer.from(bytes).swap16() : bytes);
  let rest = Buffer.alloc(0);
  let isUtf8 = false;
  for await (const chunk of chunks) {
    if (isUtf8) {
      yield chunk;
      continue;
    }
    const bytes = Buffer.concat([rest, chunk]);
    const line = lineOfUtf8(bytes, order);
    isUtf8 = line.isFound;
    const text = textOf(bytes.subarray(0, line.at));
    if (text !== '') yield Buffer.from(text);
    rest = bytes.subarray(line.at);
    if (isUtf8) yield rest;
  }
  if (isUtf8) return;
  const text = textOf(rest.subarray(0, rest.length - (rest.length % 2))) + decoder.end();
  if (text !== '' || (order === 'big' && rest.length % 2 === 1)) yield Buffer.from(text || '\ufffd');
}

/** Where the first line begins that is UTF-8 by its look; else up to where no more bytes are needed to tell. */
function lineOfUtf8(bytes: Buffer, order: ByteOrder): { at: number; isFound: boolean } {
  const feed = order === 'big' ? Buffer.of(0, 0x0a) : Buffer.of(0x0a, 0);
  for (let at = bytes.indexOf(feed); at >= 0; at = bytes.indexOf(feed, at + 1)) {
    if (at % 2 === 1) continue;
    const line = bytes.subarray(at + 2, at + 2 + LOOKED_AT);
    if (line.length < LOOKED_AT) return { at, isFound: false };
    if (line.every((byte) => byte >= 0x20 && byte <= 0x7e)) return { at: at + 2, isFound: true };
  }
  return { at: bytes.length - (bytes.length % 2), isFound: false };
}
