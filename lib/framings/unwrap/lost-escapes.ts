/**
 * Colours of a text layout whose escape was lost on the way, or is written in other letters: by pagers (`^[`), rsyslog
 * (`#033`), what prints Rust or JSON (`\x1b`, `\u001b`), terminals that copy none, decoders (U+FFFD).
 */

const HEAD_ROOM = 512;
const dim = Buffer.from('[2m');
const time = /(\^\[|#033|\\x1b|\\033|\\u001b|\\e|\ufffd|\u241b|(?<!\x1b))\[2m\d{4}-\d\d-\d\dT\d\d:/i;
const colour = /\[(\d{1,3}(?:;\d{1,3})*)m/g;

/** The line with its escapes; undefined if no record in colour begins in it that has lost them. */
export function withEscapes(line: Buffer): Buffer | undefined {
  const head = line.subarray(0, HEAD_ROOM);
  if (head.indexOf(dim) < 0) return undefined;
  const mark = time.exec(head.toString())?.[1];
  if (mark === undefined) return undefined;
  const text = line.toString();
  return Buffer.from(mark === '' ? text.replace(colour, '\x1b[$1m') : text.replaceAll(`${mark}[`, '\x1b['));
}
