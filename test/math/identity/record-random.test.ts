import t from 'tap';
import { Xxh64 } from '../../../lib/math/identity/record-hash.ts';
import { RecordRandom } from '../../../lib/math/identity/record-random.ts';

const N = 1 << 16;

function numbers(series: string, text: (i: number) => string): Float64Array {
  const random = new RecordRandom();
  const hash = new Xxh64();
  const { low, high } = hash.of(Buffer.from(series), 1);
  return Float64Array.from({ length: N }, (_, i) => {
    const record = hash.of(Buffer.from(text(i)));
    return random.of(low, high, record.low, record.high);
  });
}

/** In units of its standard deviation, how far chi-squared over 256 equally likely cells is from its mean. */
function cellsOff(x: Float64Array, cell: (i: number) => number): number {
  const counts = new Float64Array(256);
  for (let i = 0; i < x.length; i++) counts[cell(i)]!++;
  const expected = x.length / 256;
  const chi = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  return (chi - 255) / Math.sqrt(2 * 255);
}

const nearly = (i: number): string => `{"timestamp":"2026-08-01T00:00:00.000000Z","session_id":"${i}"}`;

/** Computed by another program (Python, whole numbers without bounds). */
t.test('the same for ever: stored samples depend on it', async (t) => {
  t.same(
    Array.from(numbers('a series', nearly).subarray(0, 3)),
    [0.7071074715123639, 0.8529388050575643, 0.5574050796466973],
  );
});

t.test('records that differ in a digit have unrelated numbers, uniform in (0,1)', async (t) => {
  const x = numbers('a series', nearly);
  t.ok(x.every((u) => u > 0 && u < 1));
  t.equal(new Set(x).size, N);
  t.ok(Math.abs(cellsOff(x, (i) => Math.floor(x[i]! * 256))) < 4, 'by the first digits');
  t.ok(Math.abs(cellsOff(x, (i) => Math.floor(x[i]! * 2 ** 48) % 256)) < 4, 'by the last digits');
  const pairs = (i: number): number => Math.floor(x[i]! * 16) * 16 + Math.floor(x[(i + 1) % N]! * 16);
  t.ok(Math.abs(cellsOff(x, pairs)) < 4, 'with the next one');
});

t.test('one record has unrelated numbers in two series', async (t) => {
  const x = numbers('a series', nearly);
  const y = numbers('b series', nearly);
  const pairs = (i: number): number => Math.floor(x[i]! * 16) * 16 + Math.floor(y[i]! * 16);
  t.ok(Math.abs(cellsOff(x, pairs)) < 4);
});
