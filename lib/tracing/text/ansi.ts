import { readLocation } from './location.ts';
import { debugStringEnd } from './rust-debug.ts';
import type { TextEvent, TextSpan } from './text-event.ts';
import { isFinished, type MessageAndFields, type TextField } from './text-fields.ts';

/** Names are italic, in pieces where they have dots, and a dim `=` follows. */
const fieldMark = /((?:\x1b\[3m[^\x1b]*\x1b\[0m){1,16})\x1b\[2m=\x1b\[0m/g;
const spanName = /\x1b\[1m([^\x1b]*)\x1b\[0m/y;
const spanFields = /\x1b\[1m\{\x1b\[0m([\s\S]*?)\x1b\[1m\}\x1b\[0m/y;
const spanEnd = /\x1b\[2m:\x1b\[0m|:/y;
const target = /\x1b\[2m([^\x1b]*)\x1b\[0m\x1b\[2m:\x1b\[0m ?/y;
/** The compact layout writes the fields of spans dimmed, behind the event's. */
const compactSpanFields = ' \x1b[2m\x1b[3m';

/** The full or the compact layout behind time and level, with ANSI: what is what can be told by its colour. */
export function readAnsi(body: string): TextEvent {
  const spans: TextSpan[] = [];
  let at = 0;
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const match = expression.exec(body);
    if (match !== null) at = expression.lastIndex;
    return match;
  };
  for (let name = take(spanName); name !== null; name = take(spanName)) {
    const fields = take(spanFields);
    spans.push({ name: name[1]!, fields: fields === null ? [] : splitAtMarks(fields[1]!).fields });
    // Anything else is no chain of spans, and must not be searched again and again.
    if (take(spanEnd) === null) break;
  }
  if (spans.length > 0 && body[at] === ' ') at++;
  const module = take(target);
  const place = readLocation(body, at);
  const rest = body.slice(place.end);
  const dimmed = rest.indexOf(compactSpanFields);
  if (dimmed >= 0) addToInnermost(spans, splitAtMarks(undimmed(rest.slice(dimmed))).fields);
  const event = splitAtMarks(dimmed < 0 ? rest : rest.slice(0, dimmed));
  if (dimmed >= 0) event.finished = false;
  return { ...event, target: module?.[1], file: place.file, line: place.line, spans };
}

/** Which span a field is of cannot be told there. */
function addToInnermost(spans: TextSpan[], fields: readonly TextField[]): void {
  const innermost = spans.pop();
  if (innermost !== undefined) spans.push({ ...innermost, fields: [...innermost.fields, ...fields] });
}

function undimmed(text: string): string {
  return text.replaceAll(compactSpanFields, ' \x1b[3m').replace(/\x1b\[0m(?= \x1b\[3m|$)/g, '');
}

function splitAtMarks(text: string): MessageAndFields {
  const found: MessageAndFields = { message: undefined, fields: [] };
  let name: string | undefined;
  let start = 0;
  const close = (end: number): void => {
    const value = text.slice(start, end);
    if (name === undefined) {
      if (value !== '' || start === end) found.message = value;
      return;
    }
    const quoted = value.startsWith('"') ? debugStringEnd(value, 0) : -1;
    // Behind a quoted value stands a message that is not the first of its event's fields.
    const message = quoted > 0 && value[quoted] === ' ' ? quoted : value.length;
    if (message < value.length) found.message ??= value.slice(message + 1);
    found.fields.push([name, value.slice(0, message)]);
    found.finished = end === text.length && isFinished(value);
  };
  for (const match of text.matchAll(fieldMark)) {
    const begins = match.index;
    if (begins > 0) close(text[begins - 1] === ' ' ? begins - 1 : begins);
    name = match[1]!.replace(/\x1b\[[03]m/g, '');
    start = begins + match[0].length;
  }
  close(text.length);
  return found;
}
