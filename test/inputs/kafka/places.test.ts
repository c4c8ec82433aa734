import t from 'tap';
import { Places } from '../../../lib/inputs/kafka/places.ts';

t.test('every byte leads to its record', async (t) => {
  const places = new Places();
  t.equal(places.at(0), undefined);
  places.add({ topic: 'a', partition: 1, base: 0, starts: [0, 10], offsets: [5, 7], times: [1, 2] });
  places.add({ topic: 'b', partition: 0, base: 20, starts: [0, 4], offsets: [0, 1], times: [3, 4] });
  const told = [0, 9, 10, 19, 20, 23, 24, 1000].map((offset) => {
    const { topic, partition, offset: of, time } = places.at(offset)!;
    return `${topic}/${partition} ${of} ${time}`;
  });
  t.same(told, ['a/1 5 1', 'a/1 5 1', 'a/1 7 2', 'a/1 7 2', 'b/0 0 3', 'b/0 0 3', 'b/0 1 4', 'b/0 1 4']);
});

t.test('a run may still grow after it was added', async (t) => {
  const places = new Places();
  const run = { topic: 'a', partition: 0, base: 0, starts: [0], offsets: [0], times: [0] };
  places.add(run);
  run.starts.push(8);
  run.offsets.push(1);
  run.times.push(0);
  t.equal(places.at(8)?.offset, 1);
});

t.test('what is long ago is forgotten, what may still be asked for is not', async (t) => {
  const places = new Places(1000);
  for (let k = 0; k < 500; k++) {
    places.add({ topic: 'a', partition: 0, base: 100 * k, starts: [0], offsets: [k], times: [k] });
    for (let back = 0; back <= Math.min(k, 9); back++) {
      if (places.at(100 * (k - back))?.offset !== k - back) return t.fail(`${back} before ${k}`);
    }
  }
  t.equal(places.at(0), undefined);
});
