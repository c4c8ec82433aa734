/**
 * stern's outputs: default (`pod container line`, with -A `namespace pod container line`, with or without colours), and
 * JSON of several forms (shapes.ts); with -t a time stands before the line. raw is no wrapping at all.
 */
import { OPEN_BRACE, QUOTE } from '../../text/json.ts';
import { headerOfLine } from '../../tracing/text/header.ts';
import { behindTime } from '../prefix.ts';

/** Names of Kubernetes, each with its colour; with a namespace they are three. */
const names =
  /^((?:(?:\x1b\[[0-9;]*m)*[a-z0-9][-a-z0-9.]*(?:\x1b\[[0-9;]*m)* ){2})((?:\x1b\[[0-9;]*m)*[a-z0-9][-a-z0-9.]*(?:\x1b\[[0-9;]*m)* )?/;
/** Three names of 253 characters at most. */
const NAMES_ROOM = 1024;
/** stern --timestamps=short. */
const shortTime = /^\d\d-\d\d \d\d:\d\d:\d\d /;

/** Whether a line may be one of stern's, whatever it holds. */
export function isSternLine(line: Buffer): boolean {
  return line[0] === OPEN_BRACE || names.test(line.toString('latin1', 0, NAMES_ROOM));
}

/** Whether a line looks like one of stern's default output: only then is it taken for that unasked. */
export function looksLikeStern(line: Buffer): boolean {
  const match = names.exec(line.toString('latin1', 0, NAMES_ROOM));
  if (match === null || !match[1]!.includes('-')) return false;
  return isRecord(line.subarray(match[1]!.length)) || isRecord(line.subarray(match[0].length));
}

function isRecord(content: Buffer): boolean {
  const text = behindOwnTime(content);
  return (text[0] === OPEN_BRACE && text[1] === QUOTE) || headerOfLine(text) !== undefined;
}

/** Behind the time that -t adds; a text record begins with a time of its own. */
function behindOwnTime(content: Buffer): Buffer {
  if (headerOfLine(content) !== undefined) return content;
  const short = shortTime.exec(content.toString('latin1', 0, 16));
  return content.subarray(short === null ? behindTime(content, 0, content.length) : short[0].length);
}
