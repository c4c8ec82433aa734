import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { keepHeapSparing } from '../../lib/commands/sparing-heap.ts';

const SPARING = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];
const USUAL = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];

t.test('V8 is told once the process is large, again and again, and is left as it was', async (t) => {
  let resident = 70 * (1 << 20);
  const flags: string[] = [];
  const stop = keepHeapSparing({ resident: () => resident, setFlag: (flag) => flags.push(flag), lookMs: 1 });
  await delay(20);
  t.same(flags, []);
  resident = 200 * (1 << 20);
  while (flags.length < 4) await delay(1);
  resident = 0;
  while (flags.length < 8) await delay(1);
  t.same(flags.slice(0, 4), [...SPARING, ...SPARING]);
  flags.length = 0;
  stop();
  t.same(flags, USUAL);
  await delay(20);
  t.same(flags, USUAL);
});

t.test('nothing is looked at behind its end', async (t) => {
  const flags: string[] = [];
  keepHeapSparing({ resident: () => 1e9, setFlag: (flag) => flags.push(flag), lookMs: 1 })();
  await delay(20);
  t.same(flags, []);
});
