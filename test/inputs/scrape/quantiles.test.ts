import t from 'tap';
import {
  type Bucket,
  bucketPercentiles,
  bucketQuantile,
  quantileKey,
} from '../../../lib/inputs/scrape/quantiles.ts';

const buckets = (...pairs: [bound: number, below: number][]): Bucket[] =>
  pairs.map(([bound, below]) => ({ bound, below }));
const above = Number.POSITIVE_INFINITY;

t.test('lies linearly in the bucket that holds the rank, as histogram_quantile has it', (t) => {
  const some = buckets([1, 10], [2, 30], [4, 40], [above, 50]);
  t.equal(bucketQuantile(0.1, some), 0.5, 'from 0 in the first');
  t.equal(bucketQuantile(0.2, some), 1, 'its bound when its last is asked for');
  t.equal(bucketQuantile(0.5, some), 1.75);
  t.equal(bucketQuantile(0.7, some), 3);
  t.equal(bucketQuantile(0.99, some), 4, 'the highest finite bound above all bounds');
  t.end();
});

t.test('bounds below zero: the first bucket has no beginning', (t) => {
  const some = buckets([-2, 4], [0, 8], [2, 8], [above, 8]);
  t.equal(bucketQuantile(0.25, some), -2);
  t.equal(bucketQuantile(0.75, some), -1);
  t.end();
});

t.test('nothing where buckets say nothing', (t) => {
  t.equal(bucketQuantile(0.5, []), undefined);
  t.equal(bucketQuantile(0.5, buckets([above, 5])), undefined, 'no bound');
  t.equal(bucketQuantile(0.5, buckets([1, 0], [above, 0])), undefined, 'no observation');
  t.equal(bucketQuantile(0.5, buckets([1, 3], [2, 5])), undefined, 'not all observations');
  t.same([...bucketPercentiles(buckets([above, 5]))], []);
  t.end();
});

t.test('buckets in any order, and counts that fall', (t) => {
  const torn = buckets([above, 9], [2, 8], [1, 10]);
  t.same(Object.fromEntries(bucketPercentiles(torn)), {
    p50: 0.5,
    p75: 0.75,
    p95: 0.95,
    p99: 0.99,
    p999: 0.999,
    p9999: 0.9999,
  });
  t.end();
});

t.test("a quantile's key", (t) => {
  const keys = [0, 0.25, 0.5, 0.9, 0.95, 0.999, 0.9999, 1, 1.5, Number.NaN].map(quantileKey);
  t.same(keys, ['min', 'p25', 'p50', 'p90', 'p95', 'p999', 'p9999', 'max', undefined, undefined]);
  t.end();
});
