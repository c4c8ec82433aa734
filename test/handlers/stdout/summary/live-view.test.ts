import { PassThrough } from 'node:stream';
import t from 'tap';
import { LiveView } from '../../../../lib/handlers/stdout/summary/live-view.ts';

function viewOn(cost = 0) {
  const stream = new PassThrough();
  let written = '';
  stream.on('data', (bytes) => {
    written += bytes;
  });
  const state = { now: 0, records: 0, drawn: 0, screen: [] as boolean[], quit: 0, sorted: 0, released: 0 };
  let press: (key: string) => void = () => {};
  const view = new LiveView({
    stream,
    draw(isPaused) {
      state.drawn++;
      state.now += cost;
      return [isPaused ? 'paused' : `screen ${state.records}`, 'keys'];
    },
    progress: () => state.records,
    now: () => state.now,
    onScreen: (isTaken) => state.screen.push(isTaken),
    onQuit: () => state.quit++,
    onKey: (key) => key === 's' && ++state.sorted > 0,
    readKeys(onKey) {
      press = onKey;
      return () => state.released++;
    },
  });
  const at = (now: number, records: number): void => {
    state.now = now;
    state.records = records;
    view.tick();
  };
  t.teardown(() => view.stop());
  return { view, state, stream, at, press: (key: string) => press(key), text: () => written };
}

t.test('the screen is taken within a second of the first record, and given back', async (t) => {
  const { view, state, at, text } = viewOn();
  at(5000, 0);
  at(9000, 1);
  t.same(state.screen, [], 'a dump that ends at once has no live view');
  at(9750, 2);
  t.same(state.screen, [true]);
  t.match(text(), /^\x1b\[\?1049h.*screen 2\x1b\[K\nkeys\x1b\[K\x1b\[J$/s);
  view.stop();
  t.same([state.screen, state.released], [[true, false], 1]);
  t.match(text(), /\x1b\[\?25h\x1b\[\?1049l$/);
});

t.test(
  'it is drawn anew when something was read, after a resize at once, and less often where it is costly',
  async (t) => {
    const { state, stream, at } = viewOn(100);
    at(0, 1);
    at(700, 2);
    t.equal(state.drawn, 1);
    at(1000, 3);
    t.equal(state.drawn, 1, 'a drawing of 100 ms is one in a second');
    stream.emit('resize');
    t.equal(state.drawn, 2);
    at(3000, 3);
    t.equal(state.drawn, 2, 'nothing new');
    at(3500, 4);
    t.equal(state.drawn, 3);
  },
);

t.test('keys sort, pause and quit', async (t) => {
  const { state, at, press, text } = viewOn();
  at(0, 1);
  at(700, 2);
  press('s');
  t.same([state.sorted, state.drawn], [1, 2]);
  press('p');
  t.match(text(), /paused/);
  at(2000, 9);
  t.equal(state.drawn, 3, 'nothing moves');
  press(' ');
  t.match(text(), /screen 9/);
  press('x');
  t.equal(state.drawn, 4);
  press('q');
  t.equal(state.quit, 1);
});
