import fc from 'fast-check';
import t from 'tap';
import { seriesId } from '../../lib/metrics/series-id.ts';

t.test('a safe integer that depends on every text and on where it ends', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 4 }), (name, labels) => {
      const id = seriesId(name, labels);
      return Number.isSafeInteger(id) && id >= 0 && id === seriesId(name, [...labels]);
    }),
  );
  t.not(seriesId('m', ['ab', '']), seriesId('m', ['a', 'b']));
  t.not(seriesId('m', []), seriesId('m', ['']));
  t.end();
});

t.test('no two of 200,000 series share one', (t) => {
  const ids = new Set<number>();
  for (let k = 0; k < 200_000; k++)
    ids.add(seriesId(`metric_${k % 7}`, [`user${k}@corp`, `host-${k % 300}`]));
  t.equal(ids.size, 200_000);
  t.end();
});
