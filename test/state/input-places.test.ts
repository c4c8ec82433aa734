import fc from 'fast-check';
import t from 'tap';
import type { Batch, Input } from '../../lib/batch/batch.ts';
import { InputPlaces, placesOf } from '../../lib/state/input-places.ts';
import { joinSections, splitSections } from '../../lib/state/state-parts.ts';

const place = fc.record({
  identity: fc.string(),
  offset: fc.maxSafeNat(),
  framing: fc.constantFrom('', 'ndjson', 'tracing'),
  time: fc.double(),
  more: fc.uint8Array(),
});

const saved = (places: InputPlaces) => splitSections(joinSections(new Map([places.section().section])));

t.test('places are what they were, whatever the names', async (t) => {
  const holds = fc.property(fc.dictionary(fc.string({ unit: 'binary' }), place), (all) => {
    const places = new InputPlaces();
    places.onCheckpoint(() => Object.entries(all));
    const again = new InputPlaces(saved(places));
    const same = Object.entries(all).every(([name, { more, ...rest }]) => {
      const found = again.before(name)!;
      return (
        Buffer.from(found.more).equals(more) &&
        JSON.stringify({ ...found, more: 0 }) === JSON.stringify({ ...rest, more: 0 }, Object.keys(found))
      );
    });
    return same && placesOf(saved(again)).size === Object.keys(all).length;
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 3 }));
});

t.test('who is told of stays, until it is forgotten; a state without places has none', async (t) => {
  const some = { identity: 'a', offset: 5, framing: '', time: Number.NaN, more: new Uint8Array(0) };
  const places = new InputPlaces();
  places.onCheckpoint(() => [
    ['kept', some],
    ['gone', some],
  ]);
  const next = new InputPlaces(saved(places));
  next.onCheckpoint(() => [['gone', undefined]]);
  t.same([...placesOf(saved(next)).keys()], ['kept']);
  t.equal(placesOf(new Map()).size, 0);
  t.throws(() => placesOf(new Map([['inputs', Buffer.from([1, 0, 9])]])), /it ends too early/);
});

t.test('what was measured of an input is counted by its batches', async (t) => {
  const places = new InputPlaces();
  const [one, other]: Input[] = [
    { name: 'x', framing: '' },
    { name: 'x', framing: '' },
  ];
  places.note({ input: one, consumed: 7 } as unknown as Batch);
  places.note({ input: one, consumed: 5 } as unknown as Batch);
  t.same([places.consumed(one!), places.consumed(other!)], [12, 0]);
});
