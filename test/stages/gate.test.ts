import t from 'tap';
import { Ledger } from '../../lib/ledger.ts';
import { Gate } from '../../lib/stages/gate.ts';

t.test('lets as many in as it has places, then in order as places come free', async (t) => {
  const depth = new Ledger().queue('messages', 2);
  const gate = new Gate(depth);
  const entered: number[] = [];
  const enter = async (n: number): Promise<void> => {
    await gate.take();
    entered.push(n);
  };
  const all = [1, 2, 3, 4].map(enter);
  await Promise.all(all.slice(0, 2));
  t.same(entered, [1, 2]);
  t.equal(gate.held, 2);
  gate.give();
  await all[2];
  t.same(entered, [1, 2, 3]);
  gate.give();
  await all[3];
  t.same(entered, [1, 2, 3, 4]);
  t.equal(depth.deepest, 2, 'never more than its places');
});

t.test('of size 0, it lets one in at a time', async (t) => {
  const gate = new Gate(new Ledger().queue('messages', 0));
  await gate.take();
  let second = false;
  const waiting = gate.take()?.then(() => {
    second = true;
  });
  await new Promise(setImmediate);
  t.equal(second, false);
  gate.give();
  await waiting;
  t.equal(second, true);
});
