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
 * shape had before, then asks a table of all literals (shape-table.ts), then parses (grammar.ts) and learns.
 */
import { reserve } from '../arena';
import { equal } from '../dictionaries/hash';

/** What follows a literal: the inside of a string, another value, the inside of an object, the next line; or nothing. */
export const STRING_FOLLOWS: u32 = 0;
export const VALUE_FOLLOWS: u32 = 1;
export const INSIDE_FOLLOWS: u32 = 2;
export const RECORD_ENDS: u32 = 3;
export const NO_SHAPE: u32 = 4;

/** Where a literal begins: behind a value, at the start of a record, behind the `{` of an object that is looked into. */
const BEHIND_VALUE: u32 = 0;
export const AT_RECORD: u32 = 1;
export const IN_OBJECT: u32 = 2;

/** What nearly all steps need, in one line of the cache. The outline: the literal's length, PLAIN, the key. */
const OUTLINE: usize = 0;
/** One bit for each of the literal's first 32 bytes. */
const MASK: usize = 4;
const SUCCESSORS: usize = 8;
/** How often successors were noted; the next one replaces the oldest. */
const TURN: usize = 24;
/** How long the string was that followed last, or VARIES. */
const LAST: usize = 28;
const LITERAL: usize = 32;
const FOLLOWS: usize = 96;
const CONTEXT: usize = 100;
const FAMILIES: usize = 104;
const STATE: usize = 108;
/** The place in the grammar that the literal was met in. */
const FROM: usize = 112;
/** Where a string was not as long as the one before, and how often that came soon. */
const MISSED: usize = 116;
const MISSES: usize = 120;
const SHAPE_BYTES: usize = 128;

const LENGTH_MASK: u32 = 0x7f;
/** A string follows a literal of at most 32 bytes, whose key belongs to no family. */
const PLAIN: u32 = 0x80;
const KEY_SHIFT: u32 = 16;

const MOST_SHAPES: u32 = 4096;
export const LONGEST_LITERAL: usize = 64;

let shapes: usize = 0;
let count: u32 = 0;

/** Matches nothing: what an unused successor points to. */
let nothing: usize = 0;
/** Where every record begins. */
let start: usize = 0;
/** What was parsed last and could not be learnt. */
let passing: usize = 0;

export function openShapes(): void {
  shapes = reserve(<usize>MOST_SHAPES * SHAPE_BYTES);
}

export function clearShapes(): void {
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

/** A shape of that literal, found at that place in the grammar; `describe` says the rest. */
export function addShape(literal: usize, length: usize, from: u32): usize {
  const shape = newShape();
  store<u32>(shape, <u32>length, OUTLINE);
  store<u32>(shape, length >= 32 ? 0xffffffff : (<u32>1 << <u32>length) - 1, MASK);
  memory.copy(shape + LITERAL, literal, length);
  store<u32>(shape, from, FROM);
  return shape;
}

export function describe(shape: usize, follows: u32, key: u32, context: u32, families: u32): void {
  const length = load<u32>(shape, OUTLINE) & LENGTH_MASK;
  const plain = follows == STRING_FOLLOWS && length <= 32 && families == 0;
  store<u32>(shape, length | (plain ? PLAIN : 0) | (key << KEY_SHIFT), OUTLINE);
  store<u32>(shape, follows, FOLLOWS);
  store<u32>(shape, context, CONTEXT);
  store<u32>(shape, families, FAMILIES);
  store<u32>(shape, follows == INSIDE_FOLLOWS ? IN_OBJECT : BEHIND_VALUE, STATE);
}

export function noteSuccessor(previous: usize, shape: usize): void {
  if (previous == passing) return;
  const turn = load<u32>(previous, TURN);
  store<u32>(previous + <usize>((turn & 3) << 2), <u32>shape, SUCCESSORS);
  store<u32>(previous, turn + 1, TURN);
}

export function hasAllSuccessors(shape: usize): bool {
  return load<u32>(shape, TURN) >= 4;
}

/** Whether the shape is of this literal at this place in the grammar. */
// @ts-ignore: decorator
@inline
export function isShapeOf(shape: usize, literal: usize, length: usize, from: u32): bool {
  return (
    lengthIn(outlineOf(shape)) == length && load<u32>(shape, FROM) == from && equal(shape + LITERAL, literal, length)
  );
}

/** The place in the grammar that a shape leads to: what the next literal begins in, and how. */
// @ts-ignore: decorator
@inline
export function placeBehind(shape: usize): u32 {
  return (contextOf(shape) << 2) | stateOf(shape);
}

/** For what cannot be learnt: good until the next use. */
export function passingShape(): usize {
  return passing;
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
export function outlineOf(shape: usize): u32 {
  return load<u32>(shape, OUTLINE);
}

// @ts-ignore: decorator
@inline
export function isPlain(outline: u32): bool {
  return (outline & PLAIN) != 0;
}

// @ts-ignore: decorator
@inline
export function lengthIn(outline: u32): usize {
  return <usize>(outline & LENGTH_MASK);
}

/** Whether MASK does not cover the literal. */
// @ts-ignore: decorator
@inline
export function isLong(outline: u32): bool {
  return (outline & LENGTH_MASK) > 32;
}

/** The key of the value that follows; 0 = nobody asked for it. */
// @ts-ignore: decorator
@inline
export function keyIn(outline: u32): u32 {
  return outline >> KEY_SHIFT;
}

// @ts-ignore: decorator
@inline
export function followsOf(shape: usize): u32 {
  return load<u32>(shape, FOLLOWS);
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

/** The length of strings that come in no certain length. */
export const VARIES: u32 = 0xffffffff;
/** A string of another length than the one before comes soon behind another one, in bytes; */
const SOON: usize = 4096;
/** and so often, before they are taken to vary. */
const MOST_MISSES: u32 = 8;

// @ts-ignore: decorator
@inline
export function lastLength(shape: usize): u32 {
  return load<u32>(shape, LAST);
}

/** The string that follows ends at `end`, and is not as long as the last one. */
export function noteLength(shape: usize, end: usize, length: usize): void {
  const isSoon = end - <usize>load<u32>(shape, MISSED) < SOON;
  const misses = isSoon ? load<u32>(shape, MISSES) + 1 : 0;
  store<u32>(shape, <u32>end, MISSED);
  store<u32>(shape, misses, MISSES);
  store<u32>(shape, misses > MOST_MISSES ? VARIES : <u32>length, LAST);
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
  return equal(p + 32, shape + LITERAL + 32, lengthIn(outlineOf(shape)) - 32);
}
