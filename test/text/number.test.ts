import fc from 'fast-check';
import t from 'tap';
import { decimalText, numberOfText } from '../../lib/text/number.ts';
import { holds } from '../helpers/holds.ts';

t.test('a number is written as the engine writes it', async () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer().map((k) => k / 1000),
    fc.integer({ min: 0, max: 1e6 }).map((k) => k / 10),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -0, 0.001, 2147483.647, 2147483.648, 0.0005, 1e21, Number.NaN, Infinity),
  );
  holds(
    t,
    fc.property(numbers, (value) => decimalText(value) === String(value)),
  );
});

t.test('numbers of JSON and Rust are read, and nothing else', async (t) => {
  t.same(['1', ' -2.5e3 ', '.5', '5.'].map(numberOfText), [1, -2500, 0.5, 5]);
  for (const text of ['', '0x10', 'NaN', 'Infinity', '1 2']) t.ok(Number.isNaN(numberOfText(text)), text);
});
