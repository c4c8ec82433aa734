import fc from 'fast-check';
import t from 'tap';
import { distance, nearest } from '../../lib/text/nearest.ts';
import { holds } from '../helpers/holds.ts';

t.test('names the word that was meant, or none', async (t) => {
  const words = ['reportInterval', 'messageQueueSize', 'sourceId', 'report', 'file', 'stdout'];
  const cases: [typed: string, meant: string | undefined][] = [
    ['reportInteval', 'reportInterval'],
    ['reportinterval', 'reportInterval'],
    ['MessageQueueSize', 'messageQueueSize'],
    ['soruceId', 'sourceId'],
    ['File', 'file'],
    ['flie', 'file'],
    ['stdot', 'stdout'],
    ['repot', 'report'],
    ['kafka', undefined],
    ['q', undefined],
    ['', undefined],
    ['interval', undefined],
    ['reportInterval'.repeat(1000), undefined],
  ];
  for (const [typed, meant] of cases)
    t.equal(nearest(typed, words), meant, JSON.stringify(typed.slice(0, 20)));
});

t.test('of equally near words the first is given', async (t) => {
  t.equal(nearest('bat', ['cat', 'rat']), 'cat');
});

t.test('the distance of known pairs', async (t) => {
  t.equal(distance('kitten', 'sitting'), 3);
  t.equal(distance('ab', 'ba'), 1, 'a swap is one step');
  t.equal(distance('', 'abc'), 3);
  t.equal(distance('same', 'same'), 0);
  t.equal(distance('kitten', 'sitting', 2), Number.POSITIVE_INFINITY, 'above the bound');
});

t.test('the distance is symmetric, bounded by the longer word, and 0 only for equal words', async () => {
  const word = fc.string({ maxLength: 12 });
  holds(
    t,
    fc.property(word, word, (a, b) => {
      const d = distance(a, b);
      return (
        d === distance(b, a) &&
        d >= Math.abs(a.length - b.length) &&
        d <= Math.max(a.length, b.length) &&
        (d === 0) === (a === b)
      );
    }),
  );
});
