import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { boundedWorkers, largeInputs, largeStreams, namesLarge } from '../../lib/commands/large-inputs.ts';

t.test('workers get what is large, and what is decompressed only where a processor is left for them', (t) => {
  const { largeFrom, decompressedLargeFrom } = largeInputs(undefined, 2);
  t.equal(largeFrom, 32 << 20);
  t.equal(decompressedLargeFrom, Number.POSITIVE_INFINITY);
  t.same(largeInputs(undefined, 4), { largeFrom: 32 << 20 });
  t.same(largeInputs(1, 2), { largeFrom: 1 }, 'and everything if the user asked for workers');
  t.end();
});

t.test(
  'what is fetched gets workers only where a processor is left for them, or they were asked for',
  (t) => {
    t.same(
      [largeStreams(undefined, 2), largeStreams(undefined, 4), largeStreams(1, 2)],
      [
        { largeFrom: 1, isCrowded: true },
        { largeFrom: 32 << 20, isCrowded: false },
        { largeFrom: 1, isCrowded: false },
      ],
    );
    t.end();
  },
);

t.test('workers are bounded by the processors, and the bound is told', (t) => {
  const said: string[] = [];
  const warn = (message: string) => said.push(message);
  t.same(
    [undefined, 0, 2, 4].map((asked) => boundedWorkers(asked, warn, 4)),
    [undefined, 0, 2, 4],
  );
  t.equal(boundedWorkers(2, warn, 1), 2);
  t.same(said, []);
  t.equal(boundedWorkers(999, warn, 4), 4);
  t.match(said, [/--workers 999 .*4 are started/]);
  t.end();
});

t.test('a large file among the arguments is one that workers will read', async (t) => {
  const folder = t.testdir({ small: 'x' });
  const large = join(folder, 'large.log');
  for (const file of [large, `${large}.gz`]) {
    await writeFile(file, '');
    await truncate(file, 32 << 20);
  }
  t.ok(namesLarge(['usage', '--by', 'user', large], 2));
  const others = [
    [],
    [folder, join(folder, 'small'), join(folder, 'none'), 'x'.repeat(5000)],
    [`${large}.gz`],
    ['-f', large],
    ['--workers', '0', large],
    ['--workers=0', large],
    ['merge', large],
    ['state', large],
  ];
  for (const args of others) t.notOk(namesLarge(args, 2), args.join(' ').slice(-80));
  t.notOk(namesLarge([large], 1), 'one processor');
});
