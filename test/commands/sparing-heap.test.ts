import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { keepHeapSparing } from '../../lib/commands/sparing-heap.ts';

t.test('V8 is told once the process is large, and only once', async (t) => {
  let resident = 90 * (1 << 20);
  const flags: string[] = [];
  const stop = keepHeapSparing({ resident: () => resident, setFlag: (flag) => flags.push(flag), lookMs: 1 });
  await delay(20);
  t.same(flags, []);
  resident = 200 * (1 << 20);
  while (flags.length < 2) await delay(1);
  await delay(20);
  t.same(flags, ['--heap-growing-percent=30', '--semi-space-growth-factor=1']);
  stop();
});

t.test('nothing is looked at behind its end', async (t) => {
  const flags: string[] = [];
  keepHeapSparing({ resident: () => 1e9, setFlag: (flag) => flags.push(flag), lookMs: 1 })();
  await delay(20);
  t.same(flags, []);
});
