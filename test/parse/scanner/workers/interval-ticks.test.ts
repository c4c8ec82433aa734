import t from 'tap';
import type { PartialsState } from '../../../../lib/parse/scanner/aggregation/partial-tables.ts';
import { nextBarrier } from '../../../../lib/parse/scanner/aggregation/tick-barriers.ts';
import { IntervalTicks } from '../../../../lib/parse/scanner/workers/interval-ticks.ts';
import type { Pool } from '../../../../lib/parse/scanner/workers/pool.ts';
import { SKIPPED } from '../../../../lib/parse/scanner/workers/worker-messages.ts';
import type { Lane } from '../../../../lib/parse/scanner/workers/worker-thread.ts';

const B = nextBarrier(0);

/** A pool of which it is noted who was asked, what was offered and when it was taken. */
function pool(count: number): { pool: Pool; lanes: Lane[]; notes: string[] } {
  const notes: string[] = [];
  const lanes = Array.from({ length: count }, (_, k) => ({
    ask: async () => {
      notes.push(`ask ${k}`);
      return { name: k } as unknown as PartialsState;
    },
    offer: () => notes.push(`offer ${k}`),
  })) as unknown as Lane[];
  const of = { opened: lanes, takePartials: () => notes.push('take') } as unknown as Pool;
  return { pool: of, lanes, notes };
}

t.test(
  'a worker is asked when it goes behind a barrier, and what it logged is taken when that is passed',
  async (t) => {
    const { pool: some, lanes, notes } = pool(2);
    const [a, b] = lanes as [Lane, Lane];
    const ticks = new IntervalTicks(some, 0);
    ticks.enter(a, 0);
    t.ok(ticks.admits(b, B), 'the other one begins behind the first barrier');
    ticks.enter(b, B);
    t.same(notes, ['ask 1'], 'of what it may have logged before the file');
    await ticks.passed(B - 1);
    t.same(notes, ['ask 1'], 'nothing is taken before all is there');
    await ticks.passed(B);
    t.same(notes, ['ask 1', 'ask 0', 'offer 1', 'offer 0', 'take']);
  },
);

t.test('nobody is two barriers ahead of what was taken, or goes back', async (t) => {
  const { pool: some, lanes } = pool(2);
  const [a, b] = lanes as [Lane, Lane];
  const ticks = new IntervalTicks(some, 0);
  ticks.enter(a, 0);
  ticks.enter(b, B);
  t.notOk(ticks.admits(b, 2 * B), 'one log is not read yet');
  t.notOk(ticks.admits(b, 0), 'its log of before was closed');
  t.ok(ticks.admits(a, 2 * B), 'before it has done what it was given');
  await ticks.passed(B);
  t.ok(ticks.admits(b, 2 * B));
});

t.test('a worker that did not do all before a barrier stays there, and is asked again', async (t) => {
  const { pool: some, lanes, notes } = pool(1);
  const [a] = lanes as [Lane];
  const ask = a.ask.bind(a);
  Object.assign(a, {
    ask: (what: 'ticks', when?: 'unless skipping') => {
      if (when === undefined) return ask(what);
      notes.push('skipped');
      return Promise.resolve(SKIPPED);
    },
  });
  const ticks = new IntervalTicks(some, 0);
  ticks.enter(a, 0);
  ticks.enter(a, B);
  t.notOk(ticks.admits(a, 0), 'it may have answered');
  await new Promise((resolve) => setImmediate(resolve));
  t.ok(ticks.admits(a, 0), 'it has not');
  ticks.enter(a, B);
  await ticks.passed(B);
  t.same(notes, ['skipped', 'skipped', 'ask 0', 'offer 0', 'take'], 'though nobody waited for its answer');
});

t.test(
  'while one is waited for, another whose log is not taken yet does not go on to write to it',
  async (t) => {
    const { pool: some, lanes } = pool(2);
    const [a, b] = lanes as [Lane, Lane];
    let answer = (): void => {};
    Object.assign(b, { ask: () => new Promise<void>((resolve) => (answer = resolve)) });
    const ticks = new IntervalTicks(some, 0);
    ticks.enter(a, 0);
    ticks.enter(b, 0);
    ticks.enter(a, B);
    const passed = ticks.passed(B);
    await new Promise((resolve) => setImmediate(resolve));
    t.notOk(ticks.admits(a, 2 * B), 'it has answered, and the other one has not');
    answer();
    await passed;
    t.ok(ticks.admits(a, 2 * B));
  },
);

t.test('at the end all that was asked for is taken', async (t) => {
  const { pool: some, lanes, notes } = pool(1);
  const ticks = new IntervalTicks(some, 0);
  ticks.enter(lanes[0]!, 0);
  ticks.enter(lanes[0]!, 3 * B);
  await ticks.finish();
  t.same(notes, ['ask 0', 'offer 0', 'take']);
});
