import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { cachedDataVersionTag } from 'node:v8';
import t from 'tap';
import { adaptEngine, collectGarbage } from '../../lib/commands/engine-flags.ts';

const LATE = '--interrupt-budget=600000';
const SPARING = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];
const USUAL = ['--interrupt-budget=67584', '--semi-space-growth-factor=2', '--heap-growing-percent=0'];

t.test(
  'the heap is sparing once the process is large, told again and again, and left as it was',
  async (t) => {
    let resident = 70 * (1 << 20);
    const flags: string[] = [];
    const stop = adaptEngine({
      resident: () => resident,
      setFlag: (flag) => flags.push(flag),
      lookMs: 1,
      knowsBudget: true,
    });
    await delay(20);
    t.same(flags, [LATE]);
    resident = 200 * (1 << 20);
    while (flags.length < 5) await delay(1);
    resident = 0;
    while (flags.length < 9) await delay(1);
    t.same(flags.slice(0, 5), [LATE, ...SPARING, ...SPARING]);
    flags.length = 0;
    stop();
    t.same(flags, USUAL);
    await delay(20);
    t.same(flags, USUAL);
  },
);

t.test('what is small and long is optimised late, and left as it was', async (t) => {
  const flags: string[] = [];
  const stop = adaptEngine({
    resident: () => 0,
    setFlag: (flag) => flags.push(flag),
    lookMs: 1,
    knowsBudget: true,
  });
  while (flags.length === 0) await delay(1);
  stop();
  t.same(flags, [LATE, USUAL[0]]);
});

t.test('nothing is changed in what is over in a moment, nor behind its end', async (t) => {
  const flags: string[] = [];
  adaptEngine({ resident: () => 1e9, setFlag: (flag) => flags.push(flag), lookMs: 1, knowsBudget: true })();
  await delay(20);
  t.same(flags, []);
});

t.test('this runtime knows all that it is told, and says nothing', (t) => {
  const module = new URL('../../lib/commands/engine-flags.js', import.meta.url).href;
  const program = `const { adaptEngine } = await import(${JSON.stringify(module)});
    const stop = adaptEngine({ resident: () => 1e9, lookMs: 1 });
    setTimeout(stop, 50);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  t.same([status, stderr], [0, '']);
  t.end();
});

t.test('a flag that it does not know is not told', async (t) => {
  const flags: string[] = [];
  const stop = adaptEngine({
    resident: () => 1e9,
    setFlag: (flag) => flags.push(flag),
    lookMs: 1,
    knowsBudget: false,
  });
  while (flags.length === 0) await delay(1);
  stop();
  t.notOk(flags.some((flag) => flag.includes('budget')));
});

t.test('what nobody has is collected at once', async (t) => {
  const version = cachedDataVersionTag();
  const gone = new WeakRef({});
  await delay(1);
  t.ok(gone.deref());
  await delay(1);
  collectGarbage();
  t.equal(gone.deref(), undefined);
  t.equal(cachedDataVersionTag(), version, 'what is kept of compiled code is as before');
  t.notOk('gc' in globalThis);
});
