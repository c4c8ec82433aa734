import fc from 'fast-check';
import t from 'tap';
import { thousands } from '../../lib/text/thousands.ts';
import { holds } from '../helpers/holds.ts';

t.test('thousands stand apart', async (t) => {
  t.same([0, 999, 1000, 123456, 1234567, -123, -1234].map(thousands), [
    '0',
    '999',
    '1,000',
    '123,456',
    '1,234,567',
    '-123',
    '-1,234',
  ]);
});

t.test('as Intl writes them', async () => {
  const grouped = new Intl.NumberFormat('en-US');
  holds(
    t,
    fc.property(fc.maxSafeInteger(), (value) => thousands(value) === grouped.format(value)),
  );
});
