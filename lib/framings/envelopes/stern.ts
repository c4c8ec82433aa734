/**
 * stern's outputs: default (`pod container line`, with -A `namespace pod container line`, with or without colours), json
 * (`{"message":"line","podName":…,"containerName":…}`) and extjson (`{"pod":…,"container":…,"message":{…}}`, where the
 * message is the line itself if that is JSON); raw is no wrapping at all. With -t a time stands before the line.
 */

import { locate, OPEN_BRACE, QUOTE } from '../../text/json.ts';
import { headerOfLine } from '../../tracing/text/header.ts';
import type { Unwrapped } from '../assembler.ts';
import { behindTime } from '../kubectl.ts';
import { isText, objectOf } from './object.ts';

/** Names of Kubernetes, each with its colour; with a namespace they are three. */
const names =
  /^((?:(?:\x1b\[[0-9;]*m)*[a-z0-9][-a-z0-9.]*(?:\x1b\[[0-9;]*m)* ){2})((?:\x1b\[[0-9;]*m)*[a-z0-9][-a-z0-9.]*(?:\x1b\[[0-9;]*m)* )?/;
/** Three names of 253 characters at most. */
const NAMES_ROOM = 1024;
const message = ['message'];

/** What unwraps the lines of one input; how many names stand before each is learnt from the first that tells. */
export function sternUnwrapper(): (line: Buffer) => Unwrapped | undefined {
  let columns = 2;
  return (line) => {
    if (line[0] === OPEN_BRACE) return unwrapObject(line);
    const match = names.exec(line.toString('latin1', 0, NAMES_ROOM));
    if (match === null) return undefined;
    const two = match[1]!.length;
    const three = match[0].length;
    if (isRecord(line.subarray(two))) columns = 2;
    else if (three > two && isRecord(line.subarray(three))) columns = 3;
    const end = columns === 3 ? three : two;
    return {
      stream: line.toString('latin1', 0, end),
      content: behindOwnTime(line.subarray(end)),
      more: false,
    };
  };
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
  return content.subarray(behindTime(content, 0, content.length));
}

function unwrapObject(line: Buffer): Unwrapped {
  const wrapping = objectOf(line);
  if (wrapping !== undefined && isSternObject(wrapping)) {
    const { podName, containerName, pod, container, namespace } = wrapping;
    const stream = JSON.stringify([namespace, podName ?? pod, containerName ?? container]);
    if (isText(wrapping.message)) {
      return { stream, content: behindOwnTime(Buffer.from(wrapping.message)), more: false };
    }
    const span = locate(line, 0, line.length, message)!;
    return { stream, content: line.subarray(span.start, span.end), more: false };
  }
  return { stream: '', content: line, more: false };
}

export function isSternObject(object: Readonly<Record<string, unknown>>): boolean {
  if (!Object.hasOwn(object, 'message')) return false;
  if (isText(object.podName) && isText(object.containerName)) return isText(object.message);
  return isText(object.pod) && isText(object.container) && !Object.hasOwn(object, 'timestamp');
}
