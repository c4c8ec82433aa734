import { decodeWtf8 } from '../../text/wtf8.ts';

/**
 * The texts that were interned as one span, bytes start..end-1: their lengths, then one behind the other; one text alone
 * is the span. See assembly/dictionaries/pieces.ts.
 */
export function spanTexts(bytes: Buffer, start: number, end: number, count: number): string[] {
  if (count === 1) return [decodeWtf8(bytes, start, end)];
  const texts: string[] = [];
  let at = start + count * 4;
  for (let k = 0; k < count; k++) {
    const next = at + bytes.readUInt32LE(start + k * 4);
    texts.push(decodeWtf8(bytes, at, next));
    at = next;
  }
  return texts;
}
