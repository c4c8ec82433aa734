import t from 'tap';
import type { ExposedFamily } from '../../../lib/handlers/prometheus/exposed-family.ts';
import { exposition, sliced } from '../../../lib/handlers/prometheus/write-exposition.ts';

function textOf(families: readonly ExposedFamily[], format: 'text' | 'openmetrics' = 'text'): string {
  return [...exposition(families, format, [], (message) => t.fail(message))].join('');
}

t.test('numbers', async (t) => {
  const values = [0, -0.5, 1e21, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const series = values.map((value, k) => ({ labels: `k="${k}"`, value }));
  const lines = textOf([{ name: 'x', type: 'gauge', help: 'X.', series }])
    .trimEnd()
    .split('\n')
    .slice(2);
  t.same(
    lines.map((line) => line.split(' ')[1]),
    ['0', '-0.5', '1e+21', '9007199254740992', 'NaN', '+Inf', '-Inf'],
  );
});

t.test('help is escaped for its format', async (t) => {
  const family: ExposedFamily = {
    name: 'x',
    type: 'gauge',
    help: 'a "b"\\\n',
    series: [{ labels: '', value: 1 }],
  };
  t.match(textOf([family]), '# HELP x a "b"\\\\\\n\n');
  t.match(textOf([family], 'openmetrics'), '# HELP x a \\"b\\"\\\\\\n\n');
});

t.test('a summary may lack its sum, never its quantiles', async (t) => {
  const series = [{ labels: 'a="b"', count: 3, quantiles: [[0.5, 1] as const, [1, 9] as const] }];
  t.equal(
    textOf([{ name: 's', type: 'summary', help: 'S.', series }]),
    '# HELP s S.\n# TYPE s summary\ns{a="b",quantile="0.5"} 1\ns{a="b",quantile="1.0"} 9\ns_count{a="b"} 3\n',
  );
});

t.test('long work is cut where its budget ends', async (t) => {
  let clock = 0;
  let pauses = 0;
  // A millisecond a piece; others take their turn for 100 ms, which is not counted against the next slice.
  const pieces = function* () {
    for (let k = 0; k < 1000; k++) {
      clock++;
      yield `${k},`;
    }
  };
  const slices: string[] = [];
  const lengths: number[] = [];
  let begun = clock;
  const slicing = {
    budget: 40,
    now: () => clock,
    pause: async () => {
      pauses++;
      clock += 100;
      begun = clock;
    },
  };
  for await (const slice of sliced(pieces(), slicing)) {
    slices.push(slice.toString());
    lengths.push(clock - begun);
  }
  t.equal(slices.join(''), Array.from({ length: 1000 }, (_, k) => `${k},`).join(''), 'nothing is lost');
  t.equal(pauses, 15, 'every 64 pieces: the first look at the clock past 40');
  t.ok(Math.max(...lengths) <= 64);
});

t.test('pieces of any length are whole, also where an array ends', async (t) => {
  const pieces = Array.from({ length: 300 }, (_, k) =>
    `${k}${k % 7 === 0 ? 'ü😀' : 'x'}`.repeat(k === 250 ? 90_000 : k),
  );
  const slices: Buffer[] = [];
  const pause = () => Promise.resolve();
  for await (const slice of sliced(pieces, { budget: 1000, now: () => 0, pause })) slices.push(slice);
  t.equal(Buffer.concat(slices).toString(), pieces.join(''));
  t.ok(slices.length > 1);
});
