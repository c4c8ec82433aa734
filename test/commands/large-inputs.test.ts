import t from 'tap';
import { largeInputs } from '../../lib/commands/large-inputs.ts';

t.test('workers get what is large, and what is decompressed only where a processor is left for them', (t) => {
  const { largeFrom, decompressedLargeFrom } = largeInputs(undefined, 2);
  t.equal(largeFrom, 32 << 20);
  t.equal(decompressedLargeFrom, Number.POSITIVE_INFINITY);
  t.same(largeInputs(undefined, 4), { largeFrom: 32 << 20 });
  t.same(largeInputs(1, 2), { largeFrom: 1 }, 'and everything if the user asked for workers');
  t.end();
});
