import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { Ending } from '../../lib/commands/ending.ts';
import type { RunSignal } from '../../lib/commands/io.ts';

function open(t: Test, terminalIsGone = false) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  let send: (signal: RunSignal) => void = () => t.fail('nobody listens');
  const calls: string[] = [];
  const pipeline = { breakOff: () => calls.push('break off'), refresh: () => calls.push('refresh') };
  const ending = new Ending(pipeline, {
    onSignal(listener) {
      send = listener;
      return () => calls.push('deaf');
    },
    terminalIsGone: () => terminalIsGone,
  });
  ending.over.then(() => calls.push('over'));
  const pass = async (ms: number) => {
    mock.timers.tick(ms);
    await new Promise(setImmediate);
  };
  return { ending, calls, pass, send: (signal: RunSignal) => send(signal) };
}

t.test('reading ends at once, waiting for inputs, handlers and all else one after the other', async (t) => {
  const { ending, calls, pass, send } = open(t);
  t.notOk(ending.reading.aborted);
  send('SIGTERM');
  send('SIGINT');
  t.equal(ending.signal, 'SIGTERM', 'the first counts');
  t.ok(ending.reading.aborted && !ending.waiting.aborted);
  await pass(2_000);
  t.ok(ending.waiting.aborted);
  t.same(calls, []);
  await pass(20_000);
  t.same(calls, ['break off']);
  await pass(2_000);
  t.same(calls, ['break off', 'over'], 'before 25 s');
});

t.test('a run that ends in time is not broken off', async (t) => {
  const { ending, calls, pass, send } = open(t);
  send('SIGINT');
  ending.close();
  await pass(60_000);
  t.same(calls, ['deaf']);
});

t.test('a hangup reopens and reports, unless the terminal is gone', async (t) => {
  const daemon = open(t);
  daemon.send('SIGHUP');
  daemon.send('SIGUSR1');
  t.same(daemon.calls, ['refresh', 'refresh']);
  t.equal(daemon.ending.signal, undefined);
  daemon.ending.close();
  mock.timers.reset();
  const { ending, calls, send } = open(t, true);
  send('SIGHUP');
  t.equal(ending.signal, 'SIGHUP');
  t.ok(ending.reading.aborted);
  t.same(calls, []);
  ending.close();
});
