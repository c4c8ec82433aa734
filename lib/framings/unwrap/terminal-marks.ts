/**
 * What programs write for a terminal into lines that are not theirs: highlights of `grep` and `rg`, colours of a whole line,
 * a cleared rest of the line, titles, a cursor that is hidden. Colours that tracing itself writes stay.
 */

import { CR } from '../../text/bytes.ts';

const ESC = 0x1b;
const paint = String.raw`\x1b\[[\d;:]*m`;
/** Any other sequence: of control (ECMA-48), for titles and links, for character sets. */
const control = String.raw`\x1b\[[\d;:<=>?]*[@-ln-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Za-z]|\x1b[=>78]`;
const any = new RegExp(`${paint}|${control}`, 'g');
/** `grep` clears the line behind every colour; values of tracing may hold other sequences. */
const foreign = new RegExp(String.raw`(?:${paint})?\x1b\[[0-2]?K|\x1b\[\?\d+[hl]|\x1b\(B`, 'g');
/** `rg` resets, and makes bold, before a colour. */
const bold = /\x1b\[0m\x1b\[1m\x1b\[[34]\d(?:;5;\d{1,3})?m([^\x1b]*)\x1b\[0m/g;
const reset = /^\x1b\[(?:0?;?|39|22|49)m$/;
const atEnd = new RegExp(`(?:${paint})+(?=\\r?$)`);
const paints = new RegExp(paint, 'g');
const controlsAtEnd = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]+(?=\r?$)/;

/** The line without any of it; undefined if there is none. JSON holds no raw escape. */
export function withoutSequences(line: Buffer): Buffer | undefined {
  if (line.indexOf(ESC) < 0) return undefined;
  return changed(line, (text) => text.replace(any, ''));
}

/** The line of a text layout without what others wrote into it; undefined if there is none. */
export function withoutMarks(line: Buffer): Buffer | undefined {
  if (line.indexOf(ESC) < 0 && !endsInControl(line)) return undefined;
  return changed(line, (text) =>
    withoutClosing(text.replace(foreign, '').replace(bold, '$1').replace(controlsAtEnd, '')),
  );
}

/** Without the end of a colour that did not begin in the line, or at its very beginning. */
function withoutClosing(text: string): string {
  const closing = atEnd.exec(text);
  if (closing === null) return text;
  const opening = text.slice(0, closing.index).match(paints)?.at(-1);
  return opening === undefined || reset.test(opening) ? text.replace(atEnd, '') : text;
}

function changed(line: Buffer, change: (text: string) => string): Buffer | undefined {
  const text = line.toString('latin1');
  const plain = change(text);
  return plain.length === text.length ? undefined : Buffer.from(plain, 'latin1');
}

function endsInControl(line: Buffer): boolean {
  const last = line.at(-1);
  if (last === undefined || last >= 0x20 || last === 0x09) return false;
  return last !== CR || (line.length > 1 && line[line.length - 2]! < 0x20);
}
