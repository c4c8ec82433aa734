import t from 'tap';
import { Places, type Run } from '../../../lib/inputs/kafka/places.ts';

/** A run of `a/0` unless it is said otherwise. */
function runOf(
  base: number,
  records: readonly (readonly [start: number, offset: number, time: number])[],
  more: Partial<Run> = {},
): Run {
  const [starts, offsets, times] = [0, 1, 2].map((k) => records.map((record) => record[k]!));
  return {
    ...{ topic: 'a', partition: 0, base },
    starts: Uint32Array.from(starts!),
    offsets: Float64Array.from(offsets!),
    times: Float64Array.from(times!),
    ...more,
  };
}

t.test('every byte leads to its record', async (t) => {
  const places = new Places();
  t.equal(places.at(0), undefined);
  places.add(
    runOf(
      0,
      [
        [0, 5, 1],
        [10, 7, 2],
      ],
      { partition: 1 },
    ),
  );
  places.add(
    runOf(
      20,
      [
        [0, 0, 3],
        [4, 1, 4],
      ],
      { topic: 'b' },
    ),
  );
  const told = [0, 9, 10, 19, 20, 23, 24, 1000].map((offset) => {
    const { topic, partition, offset: of, time } = places.at(offset)!;
    return `${topic}/${partition} ${of} ${time}`;
  });
  t.same(told, ['a/1 5 1', 'a/1 5 1', 'a/1 7 2', 'a/1 7 2', 'b/0 0 3', 'b/0 0 3', 'b/0 1 4', 'b/0 1 4']);
});

t.test('a record may go on in runs in which others begin, or none', async (t) => {
  const places = new Places();
  places.add(runOf(0, [[0, 5, 1]]));
  places.add(runOf(10, []));
  places.add(runOf(20, [[4, 6, 2]]));
  t.same(
    [9, 10, 23, 24].map((offset) => places.at(offset)?.offset),
    [5, 5, 5, 6],
  );
});

t.test('columns that a run was told by are used again', async (t) => {
  const places = new Places();
  const run = runOf(0, [[0, 5, 1]]);
  places.add(run);
  run.offsets.fill(9);
  t.equal(places.at(0)?.offset, 5);
});

t.test('as many records as there are have room', async (t) => {
  const places = new Places(100_000, 1024);
  for (let k = 0; k < 300; k++) {
    const records = Array.from({ length: 1000 }, (_, n) => [n, 1000 * k + n, 0] as const);
    places.add(runOf(1000 * k, records));
    for (const back of [0, 1, 99_999]) {
      const offset = Math.max(0, 1000 * k - back);
      if (places.at(offset)?.offset !== offset) return t.fail(`${offset} of ${k}`);
    }
  }
});

t.test('what is long ago is forgotten, what may still be asked for is not', async (t) => {
  const places = new Places(1000, 16);
  for (let k = 0; k < 500; k++) {
    places.add(runOf(100 * k, [[0, k, k]]));
    for (let back = 0; back <= Math.min(k, 9); back++) {
      if (places.at(100 * (k - back))?.offset !== k - back) return t.fail(`${back} before ${k}`);
    }
  }
  t.equal(places.at(0), undefined);
});
