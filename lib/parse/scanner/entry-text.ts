import { ValueType } from '../../batch/batch.ts';
import { ENTRY_ESCAPED, ENTRY_LENGTH_SHIFT } from './abi.ts';
import type { Engine } from './engine.ts';

/**
 * The text of a value that the scanner found: a string's, a number's digits, `true`, `false`; undefined for others.
 * @param entry its index in the memory's words (assembly/entries.ts); 0 = there is no value
 */
export function textOfEntry({ words, bytes }: Engine, entry: number): string | undefined {
  if (entry === 0) return undefined;
  const start = words[entry]!;
  const rest = words[entry + 1]!;
  const end = start + (rest >>> ENTRY_LENGTH_SHIFT);
  switch (rest & 7) {
    case ValueType.string: {
      const text = bytes.toString('utf8', start, end);
      return (rest & ENTRY_ESCAPED) === 0 ? text : JSON.parse(`"${text}"`);
    }
    case ValueType.number:
      return bytes.toString('latin1', start, end);
    case ValueType.true:
      return 'true';
    case ValueType.false:
      return 'false';
    default:
      return undefined;
  }
}
