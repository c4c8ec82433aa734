/** JSON values other than strings, checked in full. Containers are walked without recursion. */
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isDigit,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
} from './ascii';
import { numberEnd } from './numbers';
import { stringEnd } from './strings';
import { reserve } from '../arena';

/** The types of lib/batch/batch.ts, ValueType. */
export const STRING: u32 = 1;
export const NUMBER: u32 = 2;
export const TRUE: u32 = 3;
export const FALSE: u32 = 4;
const NULL: u32 = 5;
export const OBJECT: u32 = 6;
const ARRAY: u32 = 7;

const WORD_TRUE: u32 = 0x65757274;
const WORD_ALSE: u32 = 0x65736c61;
const WORD_NULL: u32 = 0x6c6c756e;

/** One bit per open container: 1 = object, 0 = array. */
let openKinds: usize = 0;
let deepest: u32 = 0;
let kind: u32 = 0;

/** @param maxDepth how many containers may be open at once */
export function openValues(maxDepth: u32): void {
  deepest = maxDepth;
  openKinds = reserve(<usize>(maxDepth >> 3) + 16);
}

export function maxDepth(): u32 {
  return deepest;
}

/** Type of the value that valueEnd has just passed. */
export function valueKind(): u32 {
  return kind;
}

/**
 * Behind the value at `at`, which is no string; 0 if it is malformed or nests too deep.
 * @param depth how many containers are open around it
 */
export function valueEnd(at: usize, depth: u32): usize {
  const c = <u32>load<u8>(at);
  if (isDigit(c) || c == MINUS) {
    kind = NUMBER;
    return numberEnd(at);
  }
  switch (c) {
    case 0x74: // t
      kind = TRUE;
      return load<u32>(at) == WORD_TRUE ? at + 4 : 0;
    case 0x66: // f
      kind = FALSE;
      return load<u32>(at, 1) == WORD_ALSE ? at + 5 : 0;
    case 0x6e: // n
      kind = NULL;
      return load<u32>(at) == WORD_NULL ? at + 4 : 0;
    case OPEN_BRACE: {
      const end = containerEnd(at, depth);
      kind = OBJECT;
      return end;
    }
    case OPEN_BRACKET: {
      const end = containerEnd(at, depth);
      kind = ARRAY;
      return end;
    }
    default:
      return 0;
  }
}

/** Behind the `"key":` whose quote stands at `at`, with the spaces around the colon; 0 if it is malformed. */
function keyEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const quote = stringEnd(at + 1);
  if (quote == 0) return 0;
  const colon = skipSpace(quote + 1);
  return load<u8>(colon) == COLON ? skipSpace(colon + 1) : 0;
}

/** Behind a value that needs no descent: a string or a scalar; 0 if it is malformed. */
function scalarEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return valueEnd(at, 0);
  const quote = stringEnd(at + 1);
  return quote == 0 ? 0 : quote + 1;
}

function containerEnd(at: usize, outside: u32): usize {
  if (outside >= deepest) return 0;
  const room = deepest - outside;
  let open: u32 = 0;
  let p = at;
  while (true) {
    // `{` or `[` at p
    if (open >= room) return 0;
    let inObject = load<u8>(p) == OPEN_BRACE;
    rememberKind(open++, inObject);
    p = skipSpace(p + 1);
    let closes = load<u8>(p) == (inObject ? CLOSE_BRACE : CLOSE_BRACKET);
    while (true) {
      if (closes) {
        p++;
        if (--open == 0) return p;
        inObject = rememberedKind(open - 1);
      } else {
        if (inObject) {
          p = keyEnd(p);
          if (p == 0) return 0;
        }
        const c = <u32>load<u8>(p);
        if (c == OPEN_BRACE || c == OPEN_BRACKET) break;
        p = scalarEnd(p);
        if (p == 0) return 0;
      }
      p = skipSpace(p);
      const c = <u32>load<u8>(p);
      closes = c == (inObject ? CLOSE_BRACE : CLOSE_BRACKET);
      if (c == COMMA) p = skipSpace(p + 1);
      else if (!closes) return 0;
    }
  }
}

// @ts-ignore: decorator
@inline
function rememberKind(index: u32, isObject: bool): void {
  const place = openKinds + <usize>(index >> 3);
  const bit: u32 = 1 << (index & 7);
  store<u8>(place, isObject ? load<u8>(place) | bit : load<u8>(place) & ~bit);
}

// @ts-ignore: decorator
@inline
function rememberedKind(index: u32): bool {
  return ((<u32>load<u8>(openKinds + <usize>(index >> 3)) >> (index & 7)) & 1) != 0;
}
