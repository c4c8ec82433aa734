import { compareBytes } from '../text/byte-order.ts';

/*
 * A text among others in an array: a head, which is its length in characters and a bit for its form, and the characters,
 * each of a byte, or of two where one of them needs that. UTF-16 has room for everything that a string can hold.
 */

const NARROW = 0;
const WIDE = 1;

/** Heads below these take one byte, and two; others five. */
const SHORT = 0x80;
const MEDIUM = 0x4000;

export const lengthOf = (head: number): number => head >>> 1;
export const isWide = (head: number): boolean => (head & 1) === WIDE;
/** Of the characters. */
export const bytesOf = (head: number): number => (head >>> 1) << (head & 1);
const encodingOf = (head: number) => (isWide(head) ? 'utf16le' : 'latin1');

export function headOf(text: string): number {
  return 2 * text.length + (isNarrow(text) ? NARROW : WIDE);
}

function isNarrow(text: string): boolean {
  for (let c = 0; c < text.length; c++) if (text.charCodeAt(c) > 0xff) return false;
  return true;
}

export function headBytes(head: number): number {
  if (head < SHORT) return 1;
  return head < MEDIUM ? 2 : 5;
}

/** Gives where the text ends. */
export function writeText(array: Buffer, at: number, text: string): number {
  const head = headOf(text);
  const from = writeHead(array, at, head);
  return from + array.write(text, from, encodingOf(head));
}

function writeHead(array: Buffer, at: number, head: number): number {
  switch (headBytes(head)) {
    case 1:
      return array.writeUInt8(head, at);
    case 2:
      return array.writeUInt16BE(0x8000 | head, at);
    default:
      return array.writeUInt32LE(head, array.writeUInt8(0xc0, at));
  }
}

export function readHead(array: Buffer, at: number): number {
  const first = array[at]!;
  if (first < SHORT) return first;
  return first < 0xc0 ? ((first & 0x3f) << 8) | array[at + 1]! : array.readUInt32LE(at + 1);
}

/** Where the text begins that follows. */
export function behind(array: Buffer, at: number): number {
  const head = readHead(array, at);
  return at + headBytes(head) + bytesOf(head);
}

/** The characters from..to-1, of a text with this head. */
export function slice(array: Buffer, from: number, to: number, head: number): string {
  return array.toString(encodingOf(head), from, to);
}

/** The order of two texts, of which the heads stand there. */
export function compareTexts(arrayA: Buffer, atA: number, arrayB: Buffer, atB: number): number {
  const [headA, headB] = [readHead(arrayA, atA), readHead(arrayB, atB)];
  const [fromA, fromB] = [atA + headBytes(headA), atB + headBytes(headB)];
  if (isWide(headA) || isWide(headB)) {
    const a = slice(arrayA, fromA, fromA + bytesOf(headA), headA);
    return compareBytes(a, slice(arrayB, fromB, fromB + bytesOf(headB), headB));
  }
  const length = Math.min(lengthOf(headA), lengthOf(headB));
  for (let k = 0; k < length; k++) {
    const order = arrayA[fromA + k]! - arrayB[fromB + k]!;
    if (order !== 0) return order;
  }
  return lengthOf(headA) - lengthOf(headB);
}
