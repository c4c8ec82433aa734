import t from 'tap';
import { numberOfText } from '../../lib/text/number.ts';

t.test('numbers of JSON and Rust are read, and nothing else', async (t) => {
  t.same(['1', ' -2.5e3 ', '.5', '5.'].map(numberOfText), [1, -2500, 0.5, 5]);
  for (const text of ['', '0x10', 'NaN', 'Infinity', '1 2']) t.ok(Number.isNaN(numberOfText(text)), text);
});
