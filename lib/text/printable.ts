/** What others wrote must not steer a terminal: the one place that sees to it. */

/** Control characters, the marks that reorder text, line separators and lone surrogates: all that could deceive. */
const harmful = /[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/gu;

/** Nearly all texts, and quick to tell. */
const plain = /^[\x20-\x7e]*$/;

/** The text with everything that a terminal would obey written out, such as \x1b. */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(harmful, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same of a message that is in lines of its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * Text that came as bytes, printable and short: at most so many characters, with an ellipsis for the rest. Bytes that
 * are no UTF-8 are U+FFFD, and tabs are blanks.
 */
export function excerpt(bytes: Uint8Array, most: number): string {
  // a character has at most four bytes
  const text = Buffer.from(bytes.subarray(0, 4 * most + 4))
    .toString('utf8')
    .replaceAll('\t', ' ')
    .trim();
  const characters = [...text];
  const isCut = characters.length > most || bytes.length > 4 * most + 4;
  // a program's bytes say no more the longer they are
  return printable(characters.slice(0, most).join('')).replace(/\ufffd{2,}/g, '\ufffd') + (isCut ? '…' : '');
}
