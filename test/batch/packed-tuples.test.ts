import fc from 'fast-check';
import t from 'tap';
import { PackedTuples } from '../../lib/batch/packed-tuples.ts';
import { compareLists } from '../../lib/text/byte-order.ts';

/** Of all forms and lengths that are written in ways of their own. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', '\u0000', '__proto__', 'é', 'ÿ', 'Ā', 'ą', '\ud800', '😀', '\uffff'),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.integer({ min: 60, max: 70 }).map((length) => 'n'.repeat(length)),
  fc.integer({ min: 8_190, max: 8_194 }).map((length) => 'w'.repeat(length)),
);

t.test('tells tuples apart as a Map of JSON would, and gives their texts and their order', (t) => {
  const holds = (): void =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.array(fc.tuple(text, text, text)), (width, all) => {
        const tuples = new PackedTuples(width);
        const model = new Map<string, number>();
        for (const some of all) {
          const texts = some.slice(0, width);
          const key = JSON.stringify(texts);
          if (tuples.find(texts) !== (model.get(key) ?? -1)) return false;
          if (!model.has(key)) model.set(key, tuples.add(texts));
        }
        const known = [...model].map(([key, id]) => [JSON.parse(key) as string[], id] as const);
        return known.every(([texts, id]) => {
          const same = JSON.stringify(tuples.texts(id)) === JSON.stringify(texts);
          const each = texts.every((text, k) => tuples.text(id, k) === text);
          const [other, otherId] = known[0]!;
          return (
            same && each && Math.sign(tuples.compare(id, otherId)) === Math.sign(compareLists(texts, other))
          );
        });
      }),
    );
  t.doesNotThrow(holds);
  t.end();
});

t.test('ids are dense, however many there are, and tuples of any length fit', async (t) => {
  const tuples = new PackedTuples(2);
  const textsOf = (k: number) => [`user${k}@corp.example`, k % 1000 === 0 ? 'x'.repeat(30 * k) : 'ą'];
  const ids = Array.from({ length: 30_000 }, (_, k) => tuples.add(textsOf(k)));
  t.ok(ids.every((id, k) => id === k));
  t.equal(tuples.length, 30_000);
  const differs = Array.from({ length: 30_000 }, (_, k) => k).find(
    (k) => tuples.find(textsOf(k)) !== k || tuples.texts(k).join() !== textsOf(k).join(),
  );
  t.equal(differs, undefined);
  t.equal(tuples.find(['nobody', 'ą']), -1);
  t.equal(tuples.idOf(textsOf(7)), 7, 'one that is there stays what it is');
  t.equal(tuples.idOf(['nobody', 'ą']), 30_000, 'one that is not is added');
});
