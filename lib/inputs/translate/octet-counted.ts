/**
 * Syslog as it goes over TCP: messages behind their count of bytes (RFC 6587, octet counting), with nothing between
 * them. Each becomes a line. Where a message ends in a line feed of its own, they are lines already.
 */

import { asBuffer, LF } from '../../text/bytes.ts';

/** The count, and the priority that a message begins with. */
const counted = /^(\d{1,7}) (?=<\d{1,3}>)/;
const begins = /^\d{1,7} <\d{1,3}>/;
const anywhere = /(?<!\d)\d{1,7} <\d{1,3}>/;
const maybe = /^\d{1,7}(?: (?:<(?:\d{1,3}(?:>)?)?)?)?$/;
/** Longer than a count and a priority. */
const ROOM = 16;
/** Of a count with its blank, at most. */
const COUNT = 8;
/** A greater count is damage: nobody waits for so many bytes. */
const MOST = 1 << 22;
/** Bytes that are searched at a time. */
const WINDOW = 1 << 12;
/** What may stand between messages. */
const blank = new Set([0, 0x0a, 0x0d, 0x20]);
const lineFeed = Buffer.of(LF);

/** Whether bytes begin with a message behind its count that does not end in a line feed. */
export function isOctetCounted(head: Uint8Array): boolean {
  const first = frameAt(asBuffer(head));
  if (first === undefined) return false;
  const { end } = first;
  return head.length < end || (head[end - 1] !== LF && fits(asBuffer(head), end, false));
}

/** Whether more bytes than these could tell: the first message's last one. */
export function mayBeOctetCounted(head: Uint8Array): boolean {
  const first = frameAt(asBuffer(head));
  if (first !== undefined) return head.length < Math.min(first.end, WINDOW);
  return head.length < ROOM && maybe.test(textAt(asBuffer(head), 0));
}

/** Each message as a line. What is behind no count, as a damaged stream has it, becomes lines of its own. */
export async function* linesOfOctets(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const { lines, used } = linesOf(Buffer.concat([rest, chunk]), false);
    if (lines.length > 0) yield Buffer.concat(lines);
    rest = Buffer.concat([rest, chunk]).subarray(used);
  }
  const { lines } = linesOf(rest, true);
  if (lines.length > 0) yield Buffer.concat(lines);
}

function linesOf(bytes: Buffer, isEnd: boolean): { lines: Buffer[]; used: number } {
  const lines: Buffer[] = [];
  let at = 0;
  for (;;) {
    while (at < bytes.length && blank.has(bytes[at]!)) at++;
    if (at >= bytes.length || (!isEnd && bytes.length - at < ROOM)) break;
    const frame = frameAt(bytes, at);
    const start = frame?.start ?? at;
    let end = frame?.end ?? nextAt(bytes, at + COUNT);
    if (end > bytes.length && !isEnd) break;
    // counted in characters, or damaged: what is there tells where it ends
    if (frame !== undefined && !fits(bytes, end, isEnd)) end = nextAt(bytes, start + 1);
    lines.push(trimmed(bytes.subarray(start, end)), lineFeed);
    at = Math.min(end, bytes.length);
  }
  return { lines, used: at };
}

/** The message behind the count at `at`. */
function frameAt(bytes: Buffer, at = 0): { start: number; end: number } | undefined {
  const match = counted.exec(textAt(bytes, at));
  if (match === null) return undefined;
  const start = at + match[0].length;
  const length = Number(match[1]);
  return length <= MOST ? { start, end: start + length } : undefined;
}

/** Whether another message can begin there. */
function fits(bytes: Buffer, at: number, isEnd: boolean): boolean {
  if (at > bytes.length) return false;
  if (at === bytes.length || blank.has(bytes[at]!)) return true;
  const text = textAt(bytes, at);
  return begins.test(text) || (!isEnd && bytes.length - at < ROOM && maybe.test(text));
}

/** Where the next message begins, or the next line; the end if none does. */
function nextAt(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const end = lf < 0 ? bytes.length : lf;
  for (let at = from; at < end; at += WINDOW) {
    const found = bytes.toString('latin1', at, Math.min(end, at + WINDOW) + ROOM).search(anywhere);
    if (found >= 0 && at + found < end) return at + found;
  }
  return end;
}

function trimmed(message: Buffer): Buffer {
  return message.at(-1) === LF ? message.subarray(0, -1) : message;
}

const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, at + ROOM);
