/** The container runtime interface's log format: `TIME STREAM TAG[:TAG…] CONTENT`, with P for a part of a line. */
import { COLON } from '../../text/json.ts';
import { behindTime } from '../prefix.ts';

const SPACE = 0x20;
const streams = [
  ['stdout', Buffer.from('stdout ')],
  ['stderr', Buffer.from('stderr ')],
] as const;
const PARTIAL = 0x50;
const FULL = 0x46;

export interface CriLine {
  readonly stream: string;
  readonly content: Buffer;
  /** The line goes on in the stream's next one. */
  readonly more: boolean;
}

export function unwrapCri(line: Buffer): CriLine | undefined {
  const time = behindTime(line, 0, line.length);
  if (time === 0) return undefined;
  for (const [stream, bytes] of streams) {
    const tag = time + bytes.length;
    if (!bytes.equals(line.subarray(time, tag))) continue;
    const end = line[tag + 1] === COLON ? line.indexOf(SPACE, tag) : tag + 1;
    if ((line[tag] !== PARTIAL && line[tag] !== FULL) || end < 0) return undefined;
    // Of an empty line the space behind the tag may be missing.
    if (end < line.length && line[end] !== SPACE) return undefined;
    return { stream, content: line.subarray(end + 1), more: line[tag] === PARTIAL };
  }
  return undefined;
}
