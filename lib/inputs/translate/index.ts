/** Texts that are no lines of UTF-8 as they lie there, and what makes such lines of them. */

import { asBuffer } from '../../text/bytes.ts';
import { fromUtf16, mayBeUtf16, utf16Of } from '../../text/utf16.ts';
import { fromUtf32, utf32Of } from '../../text/utf32.ts';
import { isOctetCounted, linesOfOctets, mayBeOctetCounted } from './octet-counted.ts';
import { documentsToLines, isYaml, mayBeYaml } from './yaml-documents.ts';

/** JSON in colour, as `jq -C` prints it for a terminal: colours stand between its parts, and in no text. */
const ESC = 0x1b;
/** Where they begin with a colour, documents begin within so many bytes. */
const COLOURED_ROOM = 128;
const colour = /\x1b\[[\d;]*[mK]/g;
/** The beginning of a colour that the next bytes may end. */
const unfinished = /\x1b(?:\[[\d;]{0,32})?$/;
const json = /^\s*(?:\{\s*["}]|\[\s*[[{"])/;

export type Translation = (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/** How a text that begins with `head` is to be translated; undefined where it is read as it stands. */
export function translationOf(head: Uint8Array): Translation | undefined {
  // of both marks the one of UTF-32 is longer
  const wide = utf32Of(head);
  if (wide !== undefined) return (chunks) => fromUtf32(chunks, wide);
  const order = utf16Of(head);
  if (order !== undefined) return (chunks) => fromUtf16(chunks, order);
  if (isColouredJson(head)) return withoutColours;
  if (isOctetCounted(head)) return linesOfOctets;
  return isYaml(head) ? documentsToLines : undefined;
}

/** Whether more bytes than these could tell that a text is to be translated. */
export function mayBeTranslated(head: Uint8Array): boolean {
  return [mayBeUtf16, mayBeColouredJson, mayBeOctetCounted, mayBeYaml].some((mayBe) => mayBe(head));
}

function isColouredJson(head: Uint8Array): boolean {
  return head[0] === ESC && json.test(plainOf(head));
}

/** Whether more bytes than these could tell. */
function mayBeColouredJson(head: Uint8Array): boolean {
  return (
    head[0] === ESC &&
    head.length < COLOURED_ROOM &&
    /^\s*[{[]?\s*(?:\x1b(?:\[[\d;]*)?)?$/.test(plainOf(head))
  );
}

function plainOf(head: Uint8Array): string {
  return asBuffer(head).toString('latin1', 0, COLOURED_ROOM).replace(colour, '');
}

/** The same bytes without what colours them. */
async function* withoutColours(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + asBuffer(chunk).toString('latin1');
    rest = unfinished.exec(text)?.[0] ?? '';
    const plain = text.slice(0, text.length - rest.length).replace(colour, '');
    if (plain !== '') yield Buffer.from(plain, 'latin1');
  }
  if (rest !== '') yield Buffer.from(rest, 'latin1');
}
