/**
 * Several texts that are looked up as one span: their lengths, one word each, and then they themselves. The span is only
 * laid out where it is new; its hash and its comparison take the texts where they are.
 */
import { reserve } from '../arena';
import { copySpan, equal, hashOf } from './hash';

/** Of each piece its address and length. */
let pieces: usize = 0;
let count: usize = 0;

/** @param most pieces at once */
export function openPieces(most: u32): void {
  pieces = reserve((<usize>most << 3) + 8);
}

export function beginPieces(): void {
  count = 0;
}

export function addPiece(text: usize, length: usize): void {
  const place = pieces + (count++ << 3);
  store<u32>(place, <u32>text);
  store<u32>(place, <u32>length, 4);
}

// @ts-ignore: decorator
@inline
function textAt(k: usize): usize {
  return <usize>load<u32>(pieces + (k << 3));
}

// @ts-ignore: decorator
@inline
function lengthAt(k: usize): usize {
  return <usize>load<u32>(pieces + (k << 3), 4);
}

/** Length of the span that they make. */
export function piecesLength(): usize {
  let length = count << 2;
  for (let k: usize = 0; k < count; k++) length += lengthAt(k);
  return length;
}

export function hashOfPieces(): u64 {
  let hash: u64 = 0;
  for (let k: usize = 0; k < count; k++) hash += hashOf(textAt(k), lengthAt(k), <u64>k);
  return hash;
}

/** Whether they make this span, of their length. */
export function piecesEqual(span: usize): bool {
  let text = span + (count << 2);
  for (let k: usize = 0; k < count; k++) {
    const length = lengthAt(k);
    if (load<u32>(span + (k << 2)) != <u32>length || !equal(text, textAt(k), length)) return false;
    text += length;
  }
  return true;
}

/** Lays the span out; writes up to 15 bytes behind it. */
export function copyPieces(to: usize): void {
  let text = to + (count << 2);
  for (let k: usize = 0; k < count; k++) {
    store<u32>(to + (k << 2), <u32>lengthAt(k));
    copySpan(text, textAt(k), lengthAt(k));
    text += lengthAt(k);
  }
}
