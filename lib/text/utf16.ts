/**
 * UTF-16, as Windows PowerShell 5.1 writes it: told by its mark or by how ASCII looks in it, given as UTF-8. Its `>>` adds
 * such text to a file of UTF-8, too.
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

/** The same text as UTF-8, its mark included. What is no UTF-16 becomes U+FFFD. */
export async function* fromUtf16(
  chunks: AsyncIterable<Uint8Array>,
  order: ByteOrder,
): AsyncGenerator<Uint8Array> {
  const decoder = new StringDecoder('utf16le');
  let odd: number | undefined;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk);
    if (order === 'big') {
      if (odd !== undefined) bytes = Buffer.concat([Buffer.of(odd), bytes]);
      odd = bytes.length % 2 === 1 ? bytes[bytes.length - 1] : undefined;
      bytes = bytes.subarray(0, bytes.length - (bytes.length % 2)).swap16();
    }
    const text = decoder.write(bytes);
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.end();
  if (rest !== '' || odd !== undefined) yield Buffer.from(rest === '' ? '\ufffd' : rest);
}
