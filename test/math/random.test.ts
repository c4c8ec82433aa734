import t from 'tap';
import { counterRandom, randomKey, uniform } from '../../lib/math/index.ts';

const N = 1 << 18;

/** What seed 1, series 0 gave when this was written, at 0, 1, 2, 2^32 and 2^53 - 1: stored results depend on it. */
const KEY = [750160313, 305646637];
const FIRST = [
  0.011617253429880958, 0.5730849558017265, 0.4893146532561067, 0.9989937548928379, 0.9625543968468512,
];

/** n numbers of one series. */
function numbers(seed: number, series: number, n = N): Float64Array {
  const [k0, k1] = randomKey(seed, series);
  return Float64Array.from({ length: n }, (_, i) => uniform(k0, k1, i));
}

/** In units of its standard deviation, how far chi-squared over equally likely cells is from its mean. */
function cellsOff(counts: Uint32Array): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  const chi = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  return (chi - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

function correlation(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! - 0.5) * (y[i]! - 0.5);
  return (sum / x.length) * 12;
}

t.test('the same numbers for ever', async (t) => {
  t.same(randomKey(1, 0), KEY);
  t.same(
    [0, 1, 2, 2 ** 32, 2 ** 53 - 1].map((i) => uniform(...randomKey(1, 0), i)),
    FIRST,
  );
  const next = counterRandom(1, 0);
  t.same([next(), next(), next()], FIRST.slice(0, 3));
  t.equal(counterRandom(1, 0, 2)(), FIRST[2], 'from any index on');
});

t.test('seed and series are integers', async (t) => {
  for (const bad of [-1, 0.5, NaN, 2 ** 53]) {
    t.throws(() => randomKey(bad, 0), /integers from 0 to 2\^53-1/);
    t.throws(() => randomKey(0, bad), RangeError);
  }
});

t.test('strictly inside (0,1), in all of its digits', async (t) => {
  const x = numbers(7, 7);
  t.ok(x.every((u) => u > 0 && u < 1));
  t.ok(
    x.every((u) => Number.isInteger(u * 2 ** 53) && (u * 2 ** 53) % 2 === 1),
    'centres of 2^52 cells',
  );
  t.equal(new Set(x).size, N, 'none twice');
});

t.test('uniform, each and in pairs', async (t) => {
  for (const [seed, series] of [
    [0, 0],
    [1, 0],
    [1, 1],
    [2 ** 53 - 1, 12345],
  ] as const) {
    const x = numbers(seed, series);
    const one = new Uint32Array(1024);
    const digits = new Uint32Array(1024);
    const pairs = new Uint32Array(4096);
    for (let i = 0; i < N; i++) {
      one[Math.floor(x[i]! * 1024)]! += 1;
      digits[Math.floor(x[i]! * 2 ** 52) % 1024]! += 1;
      if (i % 2 === 0) pairs[Math.floor(x[i]! * 64) * 64 + Math.floor(x[i + 1]! * 64)]! += 1;
    }
    const off = [one, digits, pairs].map(cellsOff);
    t.comment(
      `seed ${seed}, series ${series}: chi-squared is ${off.map((z) => z.toFixed(2)).join(', ')} sigma off`,
    );
    t.ok(
      off.every((z) => Math.abs(z) < 4),
      'first digits, last digits, neighbours',
    );
  }
});

t.test('independent of the numbers before and of other series and seeds', async (t) => {
  const x = numbers(1, 0);
  const sigma = 1 / Math.sqrt(N);
  for (const lag of [1, 2, 3, 64, 4096]) {
    const c = correlation(x.subarray(0, N - lag), x.subarray(lag));
    t.ok(Math.abs(c) < 4.5 * sigma, `lag ${lag}: ${c}`);
  }
  const others: [number, number][] = [
    [0, 0],
    [2, 0],
    [3, 0],
    [1, 2 ** 32],
    [2 ** 32 + 1, 0],
    [2 ** 40, 1],
    [0, 1],
  ];
  for (let bit = 0; bit < 32; bit++) others.push([1, 2 ** bit]);
  for (const [seed, series] of others) {
    const c = correlation(x, numbers(seed, series));
    t.ok(Math.abs(c) < 4.5 * sigma, `seed ${seed}, series ${series}: ${c}`);
  }
});

t.test('every bit of seed, series and index turns each digit over half of the time', async (t) => {
  const inputs = 2000;
  const bitsOf = (u: number): bigint => BigInt(u * 2 ** 53) >> 1n;
  const word = counterRandom(99, 99);
  const integer = (): number => Math.floor(word() * 2 ** 53);
  let worst = 0;
  for (let part = 0; part < 3; part++) {
    for (let bit = 0; bit < 53; bit += 4) {
      const turned = new Uint32Array(52);
      for (let i = 0; i < inputs; i++) {
        const input: [number, number, number] = [integer(), integer(), integer()];
        const before = bitsOf(uniform(...randomKey(input[0], input[1]), input[2]));
        input[part] = Number(BigInt(input[part]!) ^ (1n << BigInt(bit)));
        let change = before ^ bitsOf(uniform(...randomKey(input[0], input[1]), input[2]));
        for (let digit = 0; change > 0n; digit++, change >>= 1n) if (change & 1n) turned[digit]! += 1;
      }
      for (const n of turned) worst = Math.max(worst, Math.abs(n - inputs / 2) / Math.sqrt(inputs / 4));
    }
  }
  t.comment(`of 2184 frequencies the farthest is ${worst.toFixed(2)} sigma from one half`);
  t.ok(worst < 5);
});
