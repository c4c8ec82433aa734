/**
 * Bytes as text that may stand in a script element of a page: 13 bits in two characters of 91 (the idea of J. Henke's
 * basE91), where base64 has 12. All printable characters of ASCII but those that mark up.
 */
const FIRST = 0x21;
const LAST = 0x7e;
const marks = ['&', '<', '>'];

const alphabet = Uint8Array.from({ length: LAST + 1 - FIRST }, (_, k) => FIRST + k).filter(
  (code) => !marks.includes(String.fromCharCode(code)),
);
const digits = new Uint8Array(LAST + 1);
for (const [digit, code] of alphabet.entries()) digits[code] = digit;

const BASE = alphabet.length;
/** Of two characters. */
const BITS = 13;
const NUMBERS = 1 << BITS;
/** So many can be told by one character. */
const SINGLE_BITS = 6;

export function denseText(bytes: Uint8Array): string {
  const { first, second } = pairsOfAll();
  const text = new Uint8Array(2 * Math.ceil((8 * bytes.length) / BITS));
  let place = 0;
  let bits = 0;
  let count = 0;
  for (let k = 0; k < bytes.length; k++) {
    bits |= bytes[k]! << count;
    count += 8;
    if (count < BITS) continue;
    const number = bits & (NUMBERS - 1);
    text[place++] = first[number]!;
    text[place++] = second[number]!;
    bits >>>= BITS;
    count -= BITS;
  }
  if (count > 0) text[place++] = first[bits]!;
  if (count > SINGLE_BITS) text[place++] = second[bits]!;
  return new TextDecoder().decode(text.subarray(0, place));
}

/** By number of 13 bits its two characters: a look at a table where a division would be. */
function pairsOfAll(): { first: Uint8Array; second: Uint8Array } {
  return {
    first: Uint8Array.from({ length: NUMBERS }, (_, number) => alphabet[number % BASE]!),
    second: Uint8Array.from({ length: NUMBERS }, (_, number) => alphabet[Math.floor(number / BASE)]!),
  };
}

export function denseBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((text.length * BITS) / 16));
  let place = 0;
  let bits = 0;
  let count = 0;
  for (let k = 0; k < text.length; k += 2) {
    const isPair = k + 1 < text.length;
    const upper = isPair ? digits[text.charCodeAt(k + 1)]! : 0;
    bits |= (digits[text.charCodeAt(k)]! + BASE * upper) << count;
    count += isPair ? BITS : SINGLE_BITS;
    for (; count >= 8; count -= 8) {
      bytes[place++] = bits & 0xff;
      bits >>>= 8;
    }
  }
  return bytes.subarray(0, place);
}
