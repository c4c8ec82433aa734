/** JSON in colour, as `jq -C` and its kin print it for a terminal: colours stand between its parts, and in no text. */

import { asBuffer } from '../../text/bytes.ts';

const ESC = 0x1b;
/** Where they begin with a colour, documents begin within so many bytes. */
const ROOM = 128;
const colour = /\x1b\[[\d;]*[mK]/g;
/** The beginning of a colour that the next bytes may end. */
const unfinished = /\x1b(?:\[[\d;]{0,32})?$/;
const json = /^\s*(?:\{\s*["}]|\[\s*[[{"])/;

export function isColouredJson(head: Uint8Array): boolean {
  return head[0] === ESC && json.test(plainOf(head));
}

/** Whether more bytes than these could tell. */
export function mayBeColouredJson(head: Uint8Array): boolean {
  return head[0] === ESC && head.length < ROOM && /^\s*[{[]?\s*(?:\x1b(?:\[[\d;]*)?)?$/.test(plainOf(head));
}

function plainOf(head: Uint8Array): string {
  return asBuffer(head).toString('latin1', 0, ROOM).replace(colour, '');
}

/** The same bytes without what colours them. */
export async function* withoutColours(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + asBuffer(chunk).toString('latin1');
    rest = unfinished.exec(text)?.[0] ?? '';
    const plain = text.slice(0, text.length - rest.length).replace(colour, '');
    if (plain !== '') yield Buffer.from(plain, 'latin1');
  }
  if (rest !== '') yield Buffer.from(rest, 'latin1');
}
