/** Which framing an input has, from how it begins. */

import { asBuffer, LF } from '../../text/bytes.ts';
import { parseSample } from '../../text/exposition-sample.ts';
import { OPEN_BRACE, OPEN_BRACKET } from '../../text/json.ts';
import { headerOfLine } from '../../tracing/text/header.ts';
import { byteOrderMark } from '../blocks.ts';
import { unwrapCri } from '../envelopes/cri.ts';
import { isText, objectOf } from '../envelopes/object.ts';
import { isSternObject, looksLikeStern } from '../envelopes/stern.ts';
import { behindSource, behindTime, kubectlPrefix } from '../kubectl.ts';
import { firstValue } from './first-value.ts';

export const framings = [
  'auto',
  'ndjson',
  'json',
  'kubectl',
  'stern',
  'cri',
  'docker',
  'fluentd',
  'tracing',
  'exposition',
] as const;
export type FramingName = (typeof framings)[number];
export type DetectedFraming = Exclude<FramingName, 'auto'>;

/** Bytes that are looked at before the usual framing is taken. */
export const DETECTION_LIMIT = 1 << 16;

/** Lines that tell nothing (a banner, a warning of the tool before the pipe) before the usual framing is taken. */
const UNKNOWN_LINES = 16;

const metadata = /^# (?:HELP|TYPE|UNIT) /;
/** What can follow the bracket of a JSON array; `[pod/…] ` and `[INFO] ` do not look like that. */
const arrayBegins = /^\[[ \t\r]*(?:$|[{["\]0-9-]|(?:true|false|null)[ \t\r]*(?:$|[,\]]))/;

/**
 * The framing of an input that begins with `head`; `complete` says that this is all of it. undefined means that it takes
 * more bytes to tell, of which DETECTION_LIMIT are looked at.
 */
export function detectFraming(head: Uint8Array, complete: boolean): DetectedFraming | undefined {
  const bytes = asBuffer(head).subarray(0, DETECTION_LIMIT);
  const final = complete || head.length >= DETECTION_LIMIT;
  let start: number = byteOrderMark(bytes);
  for (let unknown = 0; unknown < UNKNOWN_LINES && start < bytes.length; ) {
    const lf = bytes.indexOf(LF, start);
    const end = lf < 0 ? bytes.length : lf;
    const line = bytes.toString('latin1', start, end).trimEnd();
    const first = start + line.search(/[^ \t\r]/);
    if (line.trim() !== '') {
      // Braces tell at once, all else only with its whole line.
      if (bytes[first] === OPEN_BRACE) {
        const framing = firstValue(bytes, first, final);
        return framing === 'ndjson' ? ofObject(bytes.subarray(first, end)) : framing;
      }
      if (lf < 0 && !final) return undefined;
      const framing = ofLine(bytes, start, first, end, line.trim());
      if (framing !== undefined) return framing;
      unknown++;
      if (unknown === UNKNOWN_LINES) return 'ndjson';
    }
    start = end + 1;
  }
  return final ? 'ndjson' : undefined;
}

/** The framing of an input that has this line, if the line tells. */
function ofLine(
  bytes: Buffer,
  lineStart: number,
  start: number,
  end: number,
  line: string,
): DetectedFraming | undefined {
  // With its blanks: two of them begin a record of the pretty layout.
  if (isTextRecord(bytes.subarray(lineStart, end))) return 'tracing';
  if (bytes[start] === OPEN_BRACKET) {
    const record = kubectlPrefix(bytes, start, end);
    if (record > start) {
      return isTextRecord(bytes.subarray(behindSource(bytes, start, end), end)) ? 'tracing' : 'kubectl';
    }
    return arrayBegins.test(line) ? 'json' : undefined;
  }
  if (unwrapCri(bytes.subarray(start, end)) !== undefined) return 'cri';
  const record = behindTime(bytes, start, end);
  if (record > start) {
    if (isTextRecord(bytes.subarray(record, end))) return 'tracing';
    return bytes[record] === OPEN_BRACE ? 'kubectl' : undefined;
  }
  if (looksLikeStern(bytes.subarray(start, end))) return 'stern';
  return metadata.test(line) || parseSample(line) !== undefined ? 'exposition' : undefined;
}

/** Whether the line begins a text record, maybe behind the time that kubectl puts before it. */
function isTextRecord(line: Buffer): boolean {
  if (headerOfLine(line) !== undefined) return true;
  const record = behindTime(line, 0, line.length);
  return record > 0 && headerOfLine(line.subarray(record)) !== undefined;
}

/** One object a line: is it a record, or does it wrap one? */
function ofObject(line: Buffer): DetectedFraming {
  const object = objectOf(line);
  if (object === undefined) return 'ndjson';
  if (isSternObject(object)) return 'stern';
  if (!isText(object.log)) return 'ndjson';
  if (isText(object.time) && isText(object.stream) && !Object.hasOwn(object, 'kubernetes')) return 'docker';
  return fluentdKeys.some((key) => Object.hasOwn(object, key)) ? 'fluentd' : 'ndjson';
}

/** What stands beside `log` where fluentd has wrapped a container's line. */
const fluentdKeys = ['kubernetes', 'docker', 'stream', 'logtag', 'container_id', 'partial_message'];
