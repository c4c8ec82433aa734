/**
 * JavaScript's strings as bytes and back. WTF-8 is UTF-8 that also has room for a surrogate that stands alone, which
 * JSON can write and JSON.parse keeps; UTF-8 proper would make all of them one replacement character.
 */

const REPLACEMENT = '\ufffd';

export function decodeWtf8(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes(REPLACEMENT) ? decodeCarefully(bytes, start, end) : text;
}

function decodeCarefully(bytes: Buffer, start: number, end: number): string {
  let text = '';
  let plain = start;
  for (let i = start; i + 2 < end; i++) {
    if (bytes[i] !== 0xed || bytes[i + 1]! < 0xa0) continue;
    text += bytes.toString('utf8', plain, i);
    text += String.fromCharCode(0xd000 | ((bytes[i + 1]! & 0x3f) << 6) | (bytes[i + 2]! & 0x3f));
    i += 2;
    plain = i + 1;
  }
  return text + bytes.toString('utf8', plain, end);
}

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function encodeWtf8(text: string): Buffer {
  const parts: Buffer[] = [];
  let plain = 0;
  for (const match of text.matchAll(loneSurrogates)) {
    const code = match[0].charCodeAt(0);
    parts.push(Buffer.from(text.slice(plain, match.index)));
    parts.push(Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]));
    plain = match.index + 1;
  }
  parts.push(Buffer.from(text.slice(plain)));
  return Buffer.concat(parts);
}
