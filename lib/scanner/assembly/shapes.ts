/**
 * The shape graph: what stands between one value and the next, learnt from the records themselves.
 *
 * The bytes from the end of one value to the start of the next are a literal, such as `,"fields":{`, `"message":"` or
 * `},"target":"`. Programs that write logs repeat a few dozen of them. A shape is a literal together with the place in
 * the grammar that it was met in (the object it began in, and whether that had just opened), and with all that parsing
 * it gave: what follows it, the key whose value that is, the object that the value's end leaves us in.
 *
 * Equal bytes at an equal place have one parse. So recognising a literal by comparison, instead of reading its keys,
 * never changes what a record means; a wrong guess costs a comparison. The scanner first compares the successors that a
 * shape had before, then asks a table of all literals, then parses (grammar.ts) and learns.
 */
import { reserve } from './arena';
import { COLON, LF, OPEN_BRACE, QUOTE, SPACE } from './ascii';
import { equal, hashOf } from './hash';

/** What follows a literal: the inside of a string, another value, the inside of an object, the next line; or nothing. */
export const STRING_FOLLOWS: u32 = 0;
export const VALUE_FOLLOWS: u32 = 1;
export const INSIDE_FOLLOWS: u32 = 2;
export const RECORD_ENDS: u32 = 3;
export const NO_SHAPE: u32 = 4;

/** Where a literal begins: behind a value, at the start of a record, behind the `{` of an object that is looked into. */
export const BEHIND_VALUE: u32 = 0;
export const AT_RECORD: u32 = 1;
export const IN_OBJECT: u32 = 2;

const LENGTH: usize = 0;
/** One bit for each of the literal's first 32 bytes. */
const MASK: usize = 4;
const FOLLOWS: usize = 8;
const KEY: usize = 12;
const CONTEXT: usize = 16;
const FAMILIES: usize = 20;
const STATE: usize = 24;
/** How often successors were noted; the next one replaces the oldest. */
const TURN: usize = 28;
const SUCCESSORS: usize = 32;
const FROM_CONTEXT: usize = 48;
const FROM_STATE: usize = 52;
const LITERAL: usize = 64;
const SHAPE_BYTES: usize = 128;

const MOST_SHAPES: u32 = 4096;
export const LONGEST_LITERAL: usize = 64;
const TABLE_MASK: u32 = 8191;
/** A full list of successors is renewed by every 32nd miss only, so that random orders do not churn it. */
const RENEW_MASK: u32 = 31;

let shapes: usize = 0;
let count: u32 = 0;
let table: usize = 0;
let misses: u32 = 0;

/** Matches nothing: what an unused successor points to. */
let nothing: usize = 0;
/** Where every record begins. */
let start: usize = 0;
/** What was parsed last and could not be learnt. */
let passing: usize = 0;

export function openShapes(): void {
  shapes = reserve(<usize>MOST_SHAPES * SHAPE_BYTES);
  table = reserve(<usize>(TABLE_MASK + 1) * 4);
  forgetShapes();
}

/** Begins anew. Input whose keys are ever new fills the graph; forgetting it lets what comes later be learnt. */
export function forgetShapes(): void {
  memory.fill(table, 0, <usize>(TABLE_MASK + 1) * 4);
  count = 0;
  nothing = shapes;
  nothing = newShape();
  store<u32>(nothing, 0xffffffff, MASK);
  store<u32>(nothing, NO_SHAPE, FOLLOWS);
  memory.fill(nothing + LITERAL, 0xff, LONGEST_LITERAL);
  passing = newShape();
  start = newShape();
  store<u32>(start, AT_RECORD, STATE);
}

export function shapesAreFull(): bool {
  return count >= MOST_SHAPES;
}

function newShape(): usize {
  const shape = shapes + <usize>(count++) * SHAPE_BYTES;
  memory.fill(shape, 0, SHAPE_BYTES);
  for (let k: usize = 0; k < 16; k += 4) store<u32>(shape + k, <u32>nothing, SUCCESSORS);
  return shape;
}

// @ts-ignore: decorator
@inline
export function noShape(): usize {
  return nothing;
}

// @ts-ignore: decorator
@inline
export function startShape(): usize {
  return start;
}

// @ts-ignore: decorator
@inline
export function lengthOf(shape: usize): usize {
  return <usize>load<u32>(shape, LENGTH);
}

// @ts-ignore: decorator
@inline
export function followsOf(shape: usize): u32 {
  return load<u32>(shape, FOLLOWS);
}

/** The key of the value that follows; 0 = nobody asked for it. */
// @ts-ignore: decorator
@inline
export function keyOf(shape: usize): u32 {
  return load<u32>(shape, KEY);
}

/** The object that the next literal begins in. */
// @ts-ignore: decorator
@inline
export function contextOf(shape: usize): u32 {
  return load<u32>(shape, CONTEXT);
}

// @ts-ignore: decorator
@inline
export function stateOf(shape: usize): u32 {
  return load<u32>(shape, STATE);
}

/** Bits of the families that the literal's key belongs to. */
// @ts-ignore: decorator
@inline
export function shapeFamilies(shape: usize): u32 {
  return load<u32>(shape, FAMILIES);
}

// @ts-ignore: decorator
@inline
export function successor(shape: usize, place: usize): usize {
  return <usize>load<u32>(shape + (place << 2), SUCCESSORS);
}

/** Whether the literal's first 32 bytes stand at `p`. */
// @ts-ignore: decorator
@inline
export function startsAt(p: usize, shape: usize): bool {
  const same =
    <u32>i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(shape, LITERAL))) |
    (<u32>i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(shape, LITERAL + 16))) << 16);
  const wanted = load<u32>(shape, MASK);
  return (same & wanted) == wanted;
}

/** Whether the rest of a literal of more than 32 bytes follows those. */
// @ts-ignore: decorator
@inline
export function restMatches(p: usize, shape: usize): bool {
  return equal(p + 32, shape + LITERAL + 32, lengthOf(shape) - 32);
}

// @ts-ignore: decorator
@inline
function placeSalt(context: u32, state: u32): u64 {
  return ((<u64>context) << 2) | <u64>state;
}

/** The table's slot of a literal at a place in the grammar, or the free one where it belongs. */
function slotOf(literal: usize, length: usize, context: u32, state: u32): usize {
  let index = <u32>hashOf(literal, length, placeSalt(context, state)) & TABLE_MASK;
  while (true) {
    const slot = table + (<usize>index << 2);
    const shape = <usize>load<u32>(slot);
    if (shape == 0) return slot;
    if (
      lengthOf(shape) == length &&
      load<u32>(shape, FROM_CONTEXT) == context &&
      load<u32>(shape, FROM_STATE) == state &&
      equal(shape + LITERAL, literal, length)
    ) {
      return slot;
    }
    index = (index + 1) & TABLE_MASK;
  }
}

/** What the grammar found between `literal` and `end`, as a shape: learnt if it can be, else until the next call. */
export function learn(
  previous: usize,
  literal: usize,
  end: usize,
  follows: u32,
  key: u32,
  context: u32,
  families: u32,
): usize {
  const length = end - literal;
  const fromContext = contextOf(previous);
  const fromState = stateOf(previous);
  let shape = passing;
  if (length <= LONGEST_LITERAL && isAscii(literal, end)) {
    const slot = slotOf(literal, length, fromContext, fromState);
    shape = load<u32>(slot);
    if (shape != 0) {
      noteSuccessor(previous, shape);
      return shape;
    }
    if (shapesAreFull()) shape = passing;
    else {
      shape = newShape();
      store<u32>(slot, <u32>shape);
      store<u32>(shape, <u32>length, LENGTH);
      store<u32>(shape, length >= 32 ? 0xffffffff : (<u32>1 << <u32>length) - 1, MASK);
      memory.copy(shape + LITERAL, literal, length);
      store<u32>(shape, fromContext, FROM_CONTEXT);
      store<u32>(shape, fromState, FROM_STATE);
      noteSuccessor(previous, shape);
    }
  }
  describe(shape, follows, key, context, families);
  return shape;
}

/** As `learn`, without learning. */
export function pass(follows: u32, key: u32, context: u32, families: u32): usize {
  describe(passing, follows, key, context, families);
  return passing;
}

function describe(shape: usize, follows: u32, key: u32, context: u32, families: u32): void {
  store<u32>(shape, follows, FOLLOWS);
  store<u32>(shape, key, KEY);
  store<u32>(shape, context, CONTEXT);
  store<u32>(shape, families, FAMILIES);
  store<u32>(shape, follows == INSIDE_FOLLOWS ? IN_OBJECT : BEHIND_VALUE, STATE);
}

function noteSuccessor(previous: usize, shape: usize): void {
  if (previous == passing) return;
  const turn = load<u32>(previous, TURN);
  store<u32>(previous + <usize>((turn & 3) << 2), <u32>shape, SUCCESSORS);
  store<u32>(previous, turn + 1, TURN);
}

function isAscii(from: usize, end: usize): bool {
  for (let p = from; p < end; p++) if (load<u8>(p) > 127) return false;
  return true;
}

/**
 * The learnt shape of the literal at `p` behind `previous`, found by its bytes where no successor matched; 0 if it is
 * unknown. Where the literal ends is guessed by its quotes; the comparison with what was learnt makes it certain.
 */
export function recognise(p: usize, previous: usize): usize {
  const end = guessEnd(p);
  if (end == 0) return 0;
  const context = contextOf(previous);
  const state = stateOf(previous);
  let shape: usize = 0;
  if (load<u8>(end) == OPEN_BRACE && load<u8>(end - 1) != LF) shape = load<u32>(slotOf(p, end + 1 - p, context, state));
  if (shape == 0) shape = load<u32>(slotOf(p, end - p, context, state));
  if (shape == 0) return 0;
  if (load<u32>(previous, TURN) < 4 || (++misses & RENEW_MASK) == 0) noteSuccessor(previous, shape);
  return shape;
}

/** One bit for each quote of the 64 bytes at `p`. */
// @ts-ignore: decorator
@inline
function bitsOf(p: usize, c: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(p), c)) | (<u32>i8x16.bitmask(i8x16.eq(v128.load(p, 16), c)) << 16)) |
    (<u64>(
      <u32>i8x16.bitmask(i8x16.eq(v128.load(p, 32), c)) | (<u32>i8x16.bitmask(i8x16.eq(v128.load(p, 48), c)) << 16)
    ) <<
      32)
  );
}

/** Behind `…"key":` at `p`, one space and an opening quote, or behind an LF that comes before any quote; 0 if neither. */
function guessEnd(p: usize): usize {
  let quotes = bitsOf(p, i8x16.splat(0x22));
  const feeds = bitsOf(p, i8x16.splat(0x0a));
  if (feeds != 0 && (quotes == 0 || ctz(feeds) < ctz(quotes))) return p + <usize>ctz(feeds) + 1;
  quotes &= quotes - 1;
  if (quotes == 0) return 0;
  let end = p + <usize>ctz(quotes) + 1;
  if (load<u8>(end) != COLON) return 0;
  end++;
  if (load<u8>(end) == SPACE) end++;
  if (load<u8>(end) == QUOTE) end++;
  return end - p < LONGEST_LITERAL ? end : 0;
}
