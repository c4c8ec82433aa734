/**
 * Lines from records that were parsed before: whole, or without some keys of one of their objects. A module of its own
 * with a memory of its own, because it serves handlers, whatever parser their batches come from. The host is
 * lib/handlers/encode/cutter.ts; it lays out the memory and says where things are.
 *
 * Records are valid JSON, so nothing is checked again: only what is needed to find the ends of values is looked at.
 */
import { BACKSLASH, COMMA, CR, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../json/ascii';
import { copySpan, equal } from '../dictionaries/hash';

/** A record must be written another way: an escape stands in a key, so that it cannot be compared as it stands. */
const ANOTHER_WAY: u32 = 0xffffffff;

/** A choice of keys: the object's key, then the keys that stay, each as address and length. */
const HOLDER: usize = 0;
const COUNT: usize = 8;
/** One bit for each length of a key, so that most others need no comparison; lengths from 31 on share one. */
const LENGTHS: usize = 12;
const KEYS: usize = 16;

let out: usize = 0;
/** Of the record, what is to be copied next: spans that follow each other are copied together. */
let from: usize = 0;
let to: usize = 0;

/**
 * Writes a line for each pick to `output`, and to `ends` where it ends there. Picks are three columns of words: where a
 * record starts in `input` and where it ends, and the address of its choice, 0 for the whole record. Memory behind input
 * and output must hold for 64 bytes more. Gives the bytes written, or ANOTHER_WAY.
 */
export function lines(
  count: u32,
  input: usize,
  starts: usize,
  stops: usize,
  choices: usize,
  output: usize,
  ends: usize,
): u32 {
  out = output;
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    const start = input + load<u32>(starts + k);
    let end = input + load<u32>(stops + k);
    if (end > start && load<u8>(end - 1) == CR) end--;
    const choice = <usize>load<u32>(choices + k);
    from = start;
    to = start;
    if (choice != 0 && load<u8>(start) == OPEN_BRACE && !cut(start, choice)) return ANOTHER_WAY;
    keep(to, end);
    flush();
    store<u8>(out++, LF);
    store<u32>(ends + k, <u32>(out - output));
  }
  return <u32>(out - output);
}

/** Keeps what of the record's object is to stay, up to its closing brace. */
function cut(start: usize, choice: usize): bool {
  const holder = <usize>load<u32>(choice, HOLDER);
  const length = <usize>load<u32>(choice, HOLDER + 4);
  let p = skipSpace(start + 1);
  while (load<u8>(p) == QUOTE) {
    const key = p + 1;
    const close = keyEnd(key);
    if (close == 0) return false;
    const isHolder = close - key == length && equal(key, holder, length);
    p = skipSpace(skipSpace(close + 1) + 1);
    if (isHolder && load<u8>(p) == OPEN_BRACE) {
      p = cutHolder(p, choice);
      if (p == 0) return false;
    } else p = valueEnd(p);
    p = skipSpace(p);
    if (load<u8>(p) == COMMA) p = skipSpace(p + 1);
  }
  return true;
}

/** Keeps what of the object at `brace` is to stay. Gives the place behind its closing brace, 0 where a key has an escape. */
function cutHolder(brace: usize, choice: usize): usize {
  const first = skipSpace(brace + 1);
  keep(to, brace + 1);
  let isEmpty = true;
  let before = brace + 1;
  let p = first;
  while (load<u8>(p) == QUOTE) {
    const close = keyEnd(p + 1);
    if (close == 0) return 0;
    const end = valueEnd(skipSpace(skipSpace(close + 1) + 1));
    if (isWanted(p + 1, close - p - 1, choice)) {
      // the first that stays takes the spacing of the first of all, others their own
      if (isEmpty) keep(brace + 1, first);
      keep(isEmpty ? p : before, end);
      isEmpty = false;
    }
    before = end;
    p = skipSpace(end);
    if (load<u8>(p) == COMMA) p = skipSpace(p + 1);
  }
  keep(before, p);
  return p + 1;
}

// @ts-ignore: decorator
@inline
function isWanted(key: usize, length: usize, choice: usize): bool {
  if ((load<u32>(choice, LENGTHS) & (<u32>1 << <u32>min<usize>(length, 31))) == 0) return false;
  const end = choice + KEYS + (<usize>load<u32>(choice, COUNT) << 3);
  for (let entry = choice + KEYS; entry < end; entry += 8) {
    if (<usize>load<u32>(entry, 4) == length && equal(<usize>load<u32>(entry), key, length)) return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function keep(start: usize, end: usize): void {
  if (start != to) {
    flush();
    from = start;
  }
  to = end;
}

function flush(): void {
  copySpan(out, from, to - from);
  out += to - from;
}

// @ts-ignore: decorator
@inline
function skipSpace(at: usize): usize {
  let p = at;
  while (<u32>load<u8>(p) <= 0x20) p++;
  return p;
}

/** Place of the next quote or backslash. */
// @ts-ignore: decorator
@inline
function nextInString(at: usize): usize {
  let p = at;
  while (true) {
    const v = v128.load(p);
    const found = i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
}

/** Where the closing quote of a key stands, 0 if an escape comes before it. */
// @ts-ignore: decorator
@inline
function keyEnd(at: usize): usize {
  const p = nextInString(at);
  return load<u8>(p) == BACKSLASH ? 0 : p;
}

/** Behind the closing quote of the string whose inside begins at `at`. */
function stringEnd(at: usize): usize {
  let p = nextInString(at);
  while (load<u8>(p) == BACKSLASH) p = nextInString(p + 2);
  return p + 1;
}

/** Behind the value at `at`. */
function valueEnd(at: usize): usize {
  const c = <u32>load<u8>(at);
  if (c == QUOTE) return stringEnd(at + 1);
  return c == OPEN_BRACE || c == OPEN_BRACKET ? containerEnd(at) : scalarEnd(at);
}

/** A number or a word ends before a comma, a closing brace or bracket, or a space. */
function scalarEnd(at: usize): usize {
  let p = at;
  while (true) {
    const v = v128.load(p);
    const closing = v128.or(i8x16.eq(v, i8x16.splat(0x7d)), i8x16.eq(v, i8x16.splat(0x5d)));
    const parting = v128.or(i8x16.eq(v, i8x16.splat(0x2c)), i8x16.le_u(v, i8x16.splat(0x20)));
    const found = i8x16.bitmask(v128.or(closing, parting));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
}

function containerEnd(at: usize): usize {
  let depth = 0;
  let p = at;
  while (true) {
    const c = <u32>load<u8>(p++);
    if (c == QUOTE) p = stringEnd(p);
    else if (c == 0x7b || c == 0x5b) depth++;
    else if ((c == 0x7d || c == 0x5d) && --depth == 0) return p;
  }
}
