/** The table of all literals that were learnt. */
import { reserve } from '../arena';
import { COLON, LF, OPEN_BRACE, QUOTE, SPACE } from './ascii';
import { hashOf } from '../dictionaries/hash';
import {
  addShape,
  clearShapes,
  describe,
  hasAllSuccessors,
  isShapeOf,
  LONGEST_LITERAL,
  noShape,
  noteSuccessor,
  openShapes,
  passingShape,
  placeBehind,
  shapesAreFull,
} from './shapes';

const TABLE_MASK: u32 = 8191;
/** A full list of successors is renewed by every 32nd miss only, so that random orders do not churn it. */
const RENEW_MASK: u32 = 31;

let table: usize = 0;
let misses: u32 = 0;

export function openShapeTable(): void {
  openShapes();
  table = reserve(<usize>(TABLE_MASK + 1) * 4);
  forgetShapes();
}

/** Begins anew. Input whose keys are ever new fills the graph; forgetting it lets what comes later be learnt. */
export function forgetShapes(): void {
  memory.fill(table, 0, <usize>(TABLE_MASK + 1) * 4);
  clearShapes();
}

/** The table's slot of a literal at a place in the grammar, or the free one where it belongs. */
function slotOf(literal: usize, length: usize, from: u32): usize {
  let index = <u32>hashOf(literal, length, <u64>from) & TABLE_MASK;
  while (true) {
    const slot = table + (<usize>index << 2);
    const shape = <usize>load<u32>(slot);
    if (shape == 0 || isShapeOf(shape, literal, length, from)) return slot;
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
  const from = placeBehind(previous);
  let shape = passingShape();
  if (length <= LONGEST_LITERAL && isAscii(literal, end)) {
    const slot = slotOf(literal, length, from);
    const known = <usize>load<u32>(slot);
    if (known != 0) {
      noteSuccessor(previous, known);
      return known;
    }
    if (!shapesAreFull()) {
      shape = addShape(literal, length, from);
      store<u32>(slot, <u32>shape);
      noteSuccessor(previous, shape);
    }
  }
  describe(shape, follows, key, context, families);
  return shape;
}

/** As `learn`, without learning. */
export function pass(follows: u32, key: u32, context: u32, families: u32): usize {
  const shape = passingShape();
  describe(shape, follows, key, context, families);
  return shape;
}

function isAscii(from: usize, end: usize): bool {
  for (let p = from; p < end; p++) if (load<u8>(p) > 127) return false;
  return true;
}

/**
 * The learnt shape of the literal at `p` behind `previous`, found by its bytes where no successor matched; noShape
 * if it is unknown. Where the literal ends is guessed by its quotes; the comparison with what was learnt makes it certain.
 */
export function recognise(p: usize, previous: usize): usize {
  const end = guessEnd(p);
  if (end == 0) return noShape();
  const from = placeBehind(previous);
  let shape: usize = 0;
  if (load<u8>(end) == OPEN_BRACE && load<u8>(end - 1) != LF) shape = load<u32>(slotOf(p, end + 1 - p, from));
  if (shape == 0) shape = load<u32>(slotOf(p, end - p, from));
  if (shape == 0) return noShape();
  if (!hasAllSuccessors(previous) || (++misses & RENEW_MASK) == 0) noteSuccessor(previous, shape);
  return shape;
}

/** One bit for each of 32 bytes at `p` that is a quote or an LF. */
// @ts-ignore: decorator
@inline
function marksAt(p: usize): u64 {
  const low = v128.load(p);
  const high = v128.load(p, 16);
  const inLow = v128.or(i8x16.eq(low, i8x16.splat(0x22)), i8x16.eq(low, i8x16.splat(0x0a)));
  const inHigh = v128.or(i8x16.eq(high, i8x16.splat(0x22)), i8x16.eq(high, i8x16.splat(0x0a)));
  return <u64>(<u32>i8x16.bitmask(inLow) | (<u32>i8x16.bitmask(inHigh) << 16));
}

/** Behind `…"key":` at `p`, one space and an opening quote, or behind an LF that comes before any quote; 0 if neither. */
function guessEnd(p: usize): usize {
  let marks = marksAt(p) | (marksAt(p + 32) << 32);
  if (marks == 0) return 0;
  const first = p + <usize>ctz(marks);
  if (load<u8>(first) == LF) return first + 1;
  marks &= marks - 1;
  if (marks == 0) return 0;
  let end = p + <usize>ctz(marks) + 1;
  if (load<u8>(end) != COLON) return 0;
  end++;
  if (load<u8>(end) == SPACE) end++;
  if (load<u8>(end) == QUOTE) end++;
  return end - p < LONGEST_LITERAL ? end : 0;
}
