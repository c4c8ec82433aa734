/** The grammar between two values of a record, in full: what the shape graph falls back on, and learns from. */
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  LF,
  OPEN_BRACE,
  QUOTE,
  skipSpace,
} from './ascii';
import { learn, pass } from './shape-table';
import {
  AT_RECORD,
  contextOf,
  IN_OBJECT,
  INSIDE_FOLLOWS,
  RECORD_ENDS,
  stateOf,
  STRING_FOLLOWS,
  VALUE_FOLLOWS,
} from './shapes';
import { stringEnd, unescape, wasEscaped } from './strings';
import { familiesOf, findKey, looksInside, parentOf, pathLength } from './trie';
import { maxDepth } from './values';
import { reserve } from '../arena';

/** For keys with escapes, decoded; any key of a record fits. */
let keyText: usize = 0;
let valueAt: usize = 0;

export function openGrammar(longestLine: usize): void {
  keyText = reserve(longestLine + 64);
}

/** Where the value begins that the last `advance` came to. */
export function valueStart(): usize {
  return valueAt;
}

/**
 * From the end of a value, the start of a record or the inside of an object at `from` to the next value. `previous` is
 * the shape that led to `from`. Gives the shape of what lies between, 0 if that is malformed or nests too deep.
 */
export function advance(from: usize, previous: usize, learning: bool): usize {
  let context = contextOf(previous);
  let first = stateOf(previous) == IN_OBJECT;
  let p = skipSpace(from);
  if (stateOf(previous) == AT_RECORD) {
    if (load<u8>(p) != OPEN_BRACE || maxDepth() < 1) return 0;
    p = skipSpace(p + 1);
    first = true;
  }
  while (load<u8>(p) == CLOSE_BRACE) {
    p = skipSpace(p + 1);
    first = false;
    if (context == 0) {
      if (load<u8>(p) != LF) return 0;
      return settle(learning, previous, from, p + 1, RECORD_ENDS, 0, 0, 0);
    }
    context = parentOf(context);
  }
  if (!first) {
    if (load<u8>(p) != COMMA) return 0;
    p = skipSpace(p + 1);
  }
  return member(from, previous, learning, p, context);
}

/** The `"key":` at `p` and what opens the value behind it. */
function member(from: usize, previous: usize, learning: bool, p: usize, context: u32): usize {
  if (load<u8>(p) != QUOTE) return 0;
  let text = p + 1;
  const quote = stringEnd(text);
  if (quote == 0) return 0;
  let length = quote - text;
  if (wasEscaped()) {
    length = unescape(text, quote, keyText) - keyText;
    text = keyText;
  }
  const key = findKey(context, text, length);
  const families = familiesOf(context, text, length);
  let at = skipSpace(quote + 1);
  if (load<u8>(at) != COLON) return 0;
  at = skipSpace(at + 1);
  const c = <u32>load<u8>(at);
  if (c == QUOTE) return settle(learning, previous, from, at + 1, STRING_FOLLOWS, key, context, families);
  if (c == OPEN_BRACE && key != 0 && looksInside(key)) {
    if (pathLength(key) >= maxDepth()) return 0;
    return settle(learning, previous, from, at + 1, INSIDE_FOLLOWS, key, key, families);
  }
  return settle(learning, previous, from, at, VALUE_FOLLOWS, key, context, families);
}

function settle(
  learning: bool,
  previous: usize,
  from: usize,
  value: usize,
  follows: u32,
  key: u32,
  context: u32,
  families: u32,
): usize {
  valueAt = value;
  return learning
    ? learn(previous, from, value, follows, key, context, families)
    : pass(follows, key, context, families);
}
