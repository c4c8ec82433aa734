/** Bytes of UTF-8 of a label that a record gives to a metric of its own. */
export const MOST_LABEL_BYTES = 1024;
const MARK = '…';
/** No character of a text takes more bytes for each of its UTF-16 units. */
const MOST_BYTES_PER_UNIT = 3;

/** A text of at most so many bytes of UTF-8: a longer one is cut between two characters and ends with a mark. */
export function shortened(text: string, most = MOST_LABEL_BYTES): string {
  if (text.length * MOST_BYTES_PER_UNIT <= most || Buffer.byteLength(text) <= most) return text;
  // what lies behind so many units lies behind as many bytes
  const bytes = Buffer.from(text.slice(0, most));
  let end = Math.min(bytes.length, most - Buffer.byteLength(MARK));
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + MARK;
}
