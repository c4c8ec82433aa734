/** Which framing an input has, from how it begins. */
import { asBuffer, byteOrderMark } from './blocks.ts';
import { firstValue } from './detect/first-value.ts';
import { parseSample } from './exposition/sample.ts';
import { behindTime, kubectlPrefix } from './kubectl.ts';

export const framings = ['auto', 'ndjson', 'json', 'kubectl', 'exposition'] as const;
export type FramingName = (typeof framings)[number];
export type DetectedFraming = Exclude<FramingName, 'auto'>;

/** Bytes that are looked at before the usual framing is taken. */
export const DETECTION_LIMIT = 1 << 16;

/** Lines that tell nothing (a banner, a warning of the tool before the pipe) before the usual framing is taken. */
const UNKNOWN_LINES = 16;

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

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
      if (bytes[first] === OPEN_BRACE) return firstValue(bytes, first, final);
      if (lf < 0 && !final) return undefined;
      const framing = ofLine(bytes, first, end, line.trim());
      if (framing !== undefined) return framing;
      unknown++;
      if (unknown === UNKNOWN_LINES) return 'ndjson';
    }
    start = end + 1;
  }
  return final ? 'ndjson' : undefined;
}

/** The framing of an input that has this line, if the line tells. */
function ofLine(bytes: Uint8Array, start: number, end: number, line: string): DetectedFraming | undefined {
  if (bytes[start] === OPEN_BRACKET) {
    if (kubectlPrefix(bytes, start, end) > start) return 'kubectl';
    return arrayBegins.test(line) ? 'json' : undefined;
  }
  const record = behindTime(bytes, start, end);
  if (record > start) return bytes[record] === OPEN_BRACE ? 'kubectl' : undefined;
  return metadata.test(line) || parseSample(line) !== undefined ? 'exposition' : undefined;
}
