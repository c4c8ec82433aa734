import t from 'tap';
import { Xxh64 } from '../../lib/math/identity/record-hash.ts';
import { seriesKey } from '../../lib/metrics/series-key.ts';

const text = ({ low, high }: { low: number; high: number }): string => `${low} ${high}`;

t.test('a hash of the bytes that are written down for it', async (t) => {
  const bytes = Buffer.concat(
    ['m', 'user', 'Ann ü', 'host', ''].flatMap((part) => [Buffer.from(part), Buffer.from([0xff])]),
  );
  const { low, high } = new Xxh64().of(bytes, 7);
  t.same(seriesKey('m', ['user', 'host'], ['Ann ü', ''], 7), { low, high });
});

t.test('it depends on every text, on where it ends, and on the seed', async (t) => {
  const key = (name: string, names: string[], values: string[], seed = 1): string =>
    text(seriesKey(name, names, values, seed));
  const base = key('m', ['a', 'b'], ['ab', '']);
  t.equal(base, key('m', ['a', 'b'], ['ab', '']));
  for (const other of [
    key('m', ['a', 'b'], ['a', 'b']),
    key('m', ['a', 'c'], ['ab', '']),
    key('n', ['a', 'b'], ['ab', '']),
    key('m', ['a', 'b'], ['ab', ''], 2),
    key('m', ['a', 'b'], ['ab', '\ud800']),
  ]) {
    t.not(other, base);
  }
});

t.test('no two of 200,000 series share one', async (t) => {
  const keys = new Set<string>();
  for (let k = 0; k < 200_000; k++)
    keys.add(text(seriesKey(`metric_${k % 7}`, ['u', 'h'], [`user${k}@corp`, `host-${k % 300}`], 1)));
  t.equal(keys.size, 200_000);
});
