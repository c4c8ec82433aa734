import type { TextEvent, TextSpan } from './text-event.ts';
import { prettyStyle, readFields, type Style } from './text-fields.ts';

const target = /^([^\s:]*(?:::[^\s:]+)*): /;
const at = /^ {4}at (.*):(\d{1,9})(?: on .*)?$/;
const inSpan = /^ {4}in (.*)$/;
/** A span has no message. */
const spanStyle: Style = { ...prettyStyle, opensWithField: true };
const withFields = / with (?=[A-Za-z_][\w.$-]*: )/;

/**
 * The pretty layout behind time and level: `module: message, k: v`, then a line `    at file:line` and a line
 * `    in module::span with k: v` for each span, innermost first.
 */
export function readPretty(body: string): TextEvent {
  const lines = body.replace(/\n+$/, '').split('\n');
  const spans: TextSpan[] = [];
  let place: RegExpExecArray | null = null;
  while (lines.length > 1 && place === null) {
    const last = lines.at(-1)!;
    place = at.exec(last);
    const span = inSpan.exec(last);
    if (place === null && span === null) break;
    lines.pop();
    if (span !== null) spans.push(readSpan(span[1]!));
  }
  const head = lines.join('\n');
  const module = target.exec(head);
  const rest = module === null ? head : head.slice(module[0].length);
  return { ...readFields(rest, prettyStyle), target: module?.[1], file: place?.[1], line: place?.[2], spans };
}

/** `module::name with k: v`; a record's JSON has no place for the module. */
function readSpan(text: string): TextSpan {
  const found = withFields.exec(text);
  const path = found === null ? text : text.slice(0, found.index);
  const fields =
    found === null ? [] : readFields(text.slice(found.index + found[0].length), spanStyle).fields;
  return { name: path.slice(path.lastIndexOf('::') + (path.includes('::') ? 2 : 1)), fields };
}
