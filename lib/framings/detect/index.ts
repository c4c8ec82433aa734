/** Which framing an input has, from how it begins. */

import { PREFIX_ROOM } from '../../batch/framer.ts';
import { asBuffer, LF } from '../../text/bytes.ts';
import { parseSample } from '../../text/exposition-sample.ts';
import { OPEN_BRACE, OPEN_BRACKET } from '../../text/json.ts';
import { headerOfLine } from '../../tracing/text/header.ts';
import { byteOrderMark } from '../blocks.ts';
import { behindSource, behindTime, firstObject, kubectlPrefix } from '../prefix.ts';
import { unwrapCri } from '../unwrap/cri.ts';
import { isObject, isText, type JsonObject, objectOf, parsedOf } from '../unwrap/json-object.ts';
import { Prefixes } from '../unwrap/prefixes.ts';
import { isRecord, shapeOf } from '../unwrap/shapes.ts';
import { looksLikeStern } from '../unwrap/stern.ts';
import { detectRecords } from './export-path.ts';
import { firstValue } from './first-value.ts';

export const framings = [
  'auto',
  'ndjson',
  'json',
  'kubectl',
  'prefixed',
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

const metadata = /^# (?:HELP|TYPE|UNIT) /;
const scalar = String.raw`(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`;
const arrayEnds = String.raw`\]\s*(?:$|[,[{])`;
/** How a line of a JSON array begins; `[pod/…] `, `[INFO] `, `[0] ` and `[ 12.345678] ` do not look like that. */
const arrayBegins = new RegExp(String.raw`^\[\s*(?:$|[{["]|${arrayEnds}|${scalar}\s*(?:$|,|${arrayEnds}))`);
/** A metric's name within the braces of its sample: what JSON's objects begin with has a colon behind it. */
const namedWithin = /^\{[ \t]*"(?:[^"\\]|\\.)*"[ \t]*[,}]/;
/** Lines that nothing but an exposition has; fewer may stand before a log. */
const ENOUGH_SAMPLES = 4;

/**
 * The framing of an input that begins with `head`; `complete` says that this is all of it. undefined means that it takes
 * more bytes to tell, of which DETECTION_LIMIT are looked at. Lines that tell nothing (a sidecar's, a banner, a warning
 * of the tool before the pipe) do not use up the look. It chooses who reads first; every reader of lines takes what
 * later lines tell.
 */
export function detectFraming(head: Uint8Array, complete: boolean): DetectedFraming | undefined {
  const bytes = asBuffer(head).subarray(0, DETECTION_LIMIT);
  const final = complete || head.length >= DETECTION_LIMIT;
  let start: number = byteOrderMark(bytes);
  // a word and a number may be a sample of an exposition: only where there is nothing else
  const seen = { expositions: 0, samples: 0, others: 0 };
  while (start < bytes.length) {
    const lf = bytes.indexOf(LF, start);
    const end = lf < 0 ? bytes.length : lf;
    while (bytes[start] === 0) start++;
    const line = bytes.toString('latin1', start, end).trimEnd();
    const first = start + line.search(/[^ \t\r]/);
    if (line.trim() !== '') {
      // Braces tell at once, all else only with its whole line.
      if (bytes[first] === OPEN_BRACE && !namedWithin.test(line.trimStart())) {
        const framing = firstValue(bytes, first, final);
        return framing === 'ndjson' ? ofObject(bytes.subarray(first, end), lf < 0) : framing;
      }
      if (lf < 0 && !final) return undefined;
      const framing = ofLine(bytes, start, first, end, line.trim());
      if (framing !== undefined && framing !== 'exposition') return framing;
      if (framing === 'exposition') seen.expositions++;
      else if (parseSample(line) !== undefined) seen.samples++;
      else if (!line.trim().startsWith('#')) seen.others++;
      if (seen.expositions >= ENOUGH_SAMPLES) return 'exposition';
    }
    start = end + 1;
  }
  if (!final) return undefined;
  const { expositions, samples, others } = seen;
  return expositions > 0 || (samples > 0 && others === 0) ? 'exposition' : 'ndjson';
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
    if (arrayBegins.test(line)) return 'json';
  }
  if (unwrapCri(bytes.subarray(start, end)) !== undefined) return 'cri';
  const record = behindTime(bytes, start, end);
  if (record > start) {
    if (isTextRecord(bytes.subarray(record, end))) return 'tracing';
    if (bytes[record] === OPEN_BRACE) return 'kubectl';
  }
  if (looksLikeStern(bytes.subarray(start, end))) return 'stern';
  if (metadata.test(line) || (line.includes('{') && parseSample(line) !== undefined)) return 'exposition';
  return ofPrefixed(bytes.subarray(start, end));
}

/** A record behind any text. */
function ofPrefixed(line: Buffer): DetectedFraming | undefined {
  const object = firstObject(line, 0, Math.min(line.length, PREFIX_ROOM));
  if (object < line.length && isObject(parsedOf(line.toString('utf8', object)))) return 'prefixed';
  return new Prefixes().learn(line) > 0 ? 'tracing' : undefined;
}

/** Whether the line begins a text record, maybe behind the time that kubectl puts before it. */
function isTextRecord(line: Buffer): boolean {
  if (headerOfLine(line) !== undefined) return true;
  const record = behindTime(line, 0, line.length);
  return record > 0 && headerOfLine(line.subarray(record)) !== undefined;
}

/** One object a line: is it a record, or does it wrap one? */
function ofObject(line: Buffer, isOpen: boolean): DetectedFraming {
  const object = objectOf(line.toString());
  // too long to be seen to its end: a document, if it looks like one
  if (object === undefined) return isOpen && detectRecords(line) !== undefined ? 'json' : 'ndjson';
  if (isRecord(object)) return 'ndjson';
  if (isText(object.podName) || (isText(object.pod) && isText(object.container)))
    return shapeOf(object) === undefined ? 'ndjson' : 'stern';
  // other wrappings are told line by line
  return isText(object.log) ? ofLog(object) : 'ndjson';
}

function ofLog(object: JsonObject): DetectedFraming {
  const shape = shapeOf(object);
  if (shape === undefined) return 'ndjson';
  return shape.dropped === undefined ? 'docker' : 'fluentd';
}
