import fc from 'fast-check';
import t from 'tap';
import type { PortAction, PortUse } from '../../lib/usage/port-uses.ts';
import { heldPorts, takenSpans } from '../../lib/usage/taken-ports.ts';
import { holds } from '../helpers/holds.ts';

const use = (action: PortAction, first: number, filter = '', port = '80', last = first): PortUse => ({
  action,
  port,
  filter,
  first,
  last,
});
const told = (...uses: PortUse[]): string[] =>
  takenSpans(uses).map(({ use: { port, filter }, from, to }) => `${port}${filter} ${from}-${to}`);

t.test('a port is taken until it is given back or taken by another filter', async (t) => {
  t.same(told(use('steal', 1)), ['80 1-Infinity']);
  t.same(told(use('steal', 1), use('release', 4)), ['80 1-4']);
  t.same(told(use('steal', 1, 'x'), use('steal', 3), use('release', 9)), ['80x 1-3', '80 3-9']);
  t.same(told(use('steal', 1), use('steal', 2), use('release', 3)), ['80 1-3'], 'told twice');
  t.same(told(use('steal', 1), use('release', 2), use('steal', 3)), ['80 1-2', '80 3-Infinity']);
  t.same(told(use('steal', 1), use('release', 2, '', '81'), use('mirror', 3)), ['80 1-Infinity']);
  t.same(
    told(use('release', 1), use('steal', 2, '', '81')),
    ['81 2-Infinity'],
    'nobody knows how it was taken',
  );
});

t.test('what was taken and given back in one moment is as it was before', async (t) => {
  t.same(told(use('release', 5), use('steal', 5)), ['80 5-5']);
  t.same(told(use('steal', 1, 'x'), use('release', 5), use('steal', 5, 'y')), ['80x 1-5', '80y 5-Infinity']);
});

t.test('a use that stands for many is its first and its last', async (t) => {
  const loop = [use('steal', 0, '', '80', 8), use('release', 1, '', '80', 9)];
  t.same(told(...loop), ['80 0-1', '80 8-9']);
  t.same(heldPorts(loop), []);
  t.same(heldPorts([use('steal', 0, '', '80', 9), use('release', 1, '', '80', 8)]), ['80']);
});

t.test('spans of a port follow each other, and hold every steal', async (t) => {
  const uses = fc.array(
    fc.record({
      action: fc.constantFrom<PortAction>('steal', 'release', 'mirror'),
      port: fc.constantFrom('80', '81'),
      filter: fc.constantFrom('', 'x', 'y'),
      first: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 12 },
  );
  holds(
    t,
    fc.property(uses, (list) => {
      const all = list.map((one) => ({ ...one, last: one.first })).sort((a, b) => a.first - b.first);
      const spans = takenSpans(all);
      return ['80', '81'].every((port) => {
        const own = spans.filter((span) => span.use.port === port);
        const ofPort = all.filter((one) => one.port === port);
        const follow = own.every(({ from, to }, k) => from <= to && (k === 0 || own[k - 1]!.to <= from));
        const covered = ofPort
          .filter(({ action }) => action === 'steal')
          .every(({ filter, first }) =>
            own.some((span) => span.use.filter === filter && span.from <= first && first <= span.to),
          );
        const isGivenBack = ofPort
          .filter(({ action }) => action === 'release')
          .every(({ first }) => own.every(({ from, to }) => first <= from || first >= to));
        return follow && covered && isGivenBack;
      });
    }),
  );
});
