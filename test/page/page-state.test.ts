import t from 'tap';
import { daysOf, firstState, parseState, printState } from '../../lib/page/page-state.ts';

t.test('an address says what is shown, and only what differs', async (t) => {
  t.equal(printState(firstState), '#');
  t.equal(printState({ ...firstState, view: 'usage' }), '#view=usage', 'it may not be the first one');
  const state = {
    ...firstState,
    view: 'users' as const,
    range: '30d',
    search: 'a b&c',
    sort: '-sessions',
    page: 3,
  };
  t.same(parseState(printState(state)), state);
});

t.test('what is wrong in an address is as at first', async (t) => {
  t.same(parseState('#view=nothing&page=-1'), firstState);
  t.same(parseState('#%'), firstState);
});

t.test('ranges', async (t) => {
  const whole = { from: 1000, to: 1100 };
  t.same(daysOf('7d', whole), { from: 1094, to: 1100 });
  t.same(daysOf('999d', whole), whole);
  t.same(daysOf('all', whole), whole);
  t.same(daysOf('1972-10-01..1972-10-03', whole), { from: 1004, to: 1006 });
  t.same(daysOf('1972-10-03..1972-10-01', whole), whole, 'turned round');
});
