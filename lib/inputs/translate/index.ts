/** Texts that are no lines of UTF-8 as they lie there, and what makes such lines of them. */

import { fromUtf16, mayBeUtf16, utf16Of } from '../../text/utf16.ts';
import { fromUtf32, utf32Of } from '../../text/utf32.ts';
import { isColouredJson, mayBeColouredJson, withoutColours } from './coloured-json.ts';
import { isOctetCounted, linesOfOctets, mayBeOctetCounted } from './octet-counted.ts';
import { documentsToLines, isYaml, mayBeYaml } from './yaml-documents.ts';

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
