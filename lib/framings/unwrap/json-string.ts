import { BACKSLASH, QUOTE } from '../../text/json.ts';

/** What a letter behind a backslash stands for; 0 if for nothing. */
const letters = new Uint8Array(256);
for (const [letter, meant] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  letters[letter!.charCodeAt(0)] = meant!.charCodeAt(0);
}
const UNICODE = 0x75;

/** Bytes of a string that do not stand for themselves. */
const isPlain = Uint8Array.from({ length: 256 }, (_, c) =>
  Number(c >= 0x20 && c !== QUOTE && c !== BACKSLASH),
);

/** Reads strings of JSON to the bytes of their texts; those beyond ASCII are taken as they are. */
export class StringReader {
  /** Behind the closing quote of the string that was read last. */
  end = 0;

  /**
   * The text of the string whose opening quote stands at `at` of the bytes; undefined if none does, and of one that is
   * no string, or has half of a surrogate pair.
   */
  read(bytes: Uint8Array, at: number): Buffer | undefined {
    const { length } = bytes;
    if (bytes[at] !== QUOTE) return undefined;
    // no escape is shorter than what it stands for
    const target = Buffer.allocUnsafe(length - at);
    let out = 0;
    for (let i = at + 1; i < length; ) {
      let c = bytes[i++]!;
      while (isPlain[c] === 1 && i < length) {
        target[out++] = c;
        c = bytes[i++]!;
      }
      if (c === QUOTE) {
        this.end = i;
        return target.subarray(0, out);
      }
      const letter = bytes[i++]!;
      if (c !== BACKSLASH) return undefined;
      const meant = letters[letter];
      if (meant !== 0 && meant !== undefined) {
        target[out++] = meant;
        continue;
      }
      const text = letter === UNICODE ? unicodeAt(bytes, i) : undefined;
      if (text === undefined) return undefined;
      i += text.length === 2 ? 10 : 4;
      out += target.write(text, out);
    }
    return undefined;
  }
}

/** The character whose four digits stand at `at`, with the second half of a pair behind it. */
function unicodeAt(bytes: Uint8Array, at: number): string | undefined {
  const first = codeAt(bytes, at);
  if (first < 0xd800 || first > 0xdfff) return first < 0 ? undefined : String.fromCharCode(first);
  if (first > 0xdbff || bytes[at + 4] !== BACKSLASH || bytes[at + 5] !== UNICODE) return undefined;
  const second = codeAt(bytes, at + 6);
  return second >= 0xdc00 && second <= 0xdfff ? String.fromCharCode(first, second) : undefined;
}

function codeAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return -1;
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + at, 4).toString('latin1');
  return /^[\da-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}
