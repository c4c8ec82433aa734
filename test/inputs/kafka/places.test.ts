import t from 'tap';
import { Places } from '../../../lib/inputs/kafka/places.ts';
import { RecordPlaces } from '../../../lib/kafka/record-places.ts';

function placesOf(
  ...records: readonly (readonly [start: number, offset: number, time: number])[]
): RecordPlaces {
  const places = new RecordPlaces();
  for (const [start, offset, time] of records) places.add(start, offset, time);
  return places;
}

t.test('every byte leads to its record', async (t) => {
  const places = new Places();
  t.equal(places.at(0), undefined);
  places.add({ topic: 'a', partition: 1, base: 0, places: placesOf([0, 5, 1], [10, 7, 2]) });
  places.add({ topic: 'b', partition: 0, base: 20, places: placesOf([0, 0, 3], [4, 1, 4]) });
  const told = [0, 9, 10, 19, 20, 23, 24, 1000].map((offset) => {
    const { topic, partition, offset: of, time } = places.at(offset)!;
    return `${topic}/${partition} ${of} ${time}`;
  });
  t.same(told, ['a/1 5 1', 'a/1 5 1', 'a/1 7 2', 'a/1 7 2', 'b/0 0 3', 'b/0 0 3', 'b/0 1 4', 'b/0 1 4']);
});

t.test('a run may still grow after it was added', async (t) => {
  const places = new Places();
  const run = { topic: 'a', partition: 0, base: 0, places: placesOf([0, 0, 0]) };
  places.add(run);
  run.places.add(8, 1, 0);
  t.equal(places.at(8)?.offset, 1);
});

t.test('what is long ago is forgotten, what may still be asked for is not', async (t) => {
  const places = new Places(1000);
  for (let k = 0; k < 500; k++) {
    places.add({ topic: 'a', partition: 0, base: 100 * k, places: placesOf([0, k, k]) });
    for (let back = 0; back <= Math.min(k, 9); back++) {
      if (places.at(100 * (k - back))?.offset !== k - back) return t.fail(`${back} before ${k}`);
    }
  }
  t.equal(places.at(0), undefined);
});
