/** What a terminal could take for a command, or what turns the direction of the text around it. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A text from outside as a message may hold it, on one line: what is not to be printed is U+FFFD. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
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
  return printable(characters.slice(0, most).join('')) + (isCut ? '…' : '');
}
