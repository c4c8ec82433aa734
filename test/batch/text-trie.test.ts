import fc from 'fast-check';
import t from 'tap';
import { TextTrie } from '../../lib/batch/text-trie.ts';

t.test('finds what was set under exactly these texts, as a Map of JSON would', (t) => {
  const text = fc.constantFrom('', 'a', 'b', 'ab', '\u0000', '__proto__', 'constructor');
  const holds = (): void =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.tuple(text, text, text, fc.nat())),
        (length, sets) => {
          const trie = new TextTrie<number>();
          const model = new Map<string, number>();
          for (const [a, b, c, value] of sets) {
            const texts = [a, b, c].slice(0, length);
            if (trie.get(texts) !== model.get(JSON.stringify(texts))) return false;
            trie.set(texts, value);
            model.set(JSON.stringify(texts), value);
          }
          return [...model].every(([key, value]) => trie.get(JSON.parse(key)) === value);
        },
      ),
    );
  t.doesNotThrow(holds);
  t.end();
});
