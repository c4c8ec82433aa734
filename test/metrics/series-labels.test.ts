import t from 'tap';
import { LabelTexts, SeriesLabels } from '../../lib/metrics/series-labels.ts';

const names = ['user', 'host'];

t.test('metrics of the same label names keep their texts once', (t) => {
  const texts = new LabelTexts();
  const [counts, durations] = [new SeriesLabels(texts.of(names)), new SeriesLabels(texts.of(names))];
  for (const labels of [counts, durations]) {
    t.equal(labels.find(['ann', 'mac']), -1, 'a series of one metric is none of the other');
    t.equal(labels.add(['ann', 'mac']), 0);
    t.equal(labels.add(['bob', 'pc']), 1);
    t.equal(labels.find(['bob', 'pc']), 1);
  }
  t.equal(texts.of(names).length, 2);
  t.equal(texts.of(['user', 'pod']).length, 0, 'other names are others');
  t.end();
});

t.test('an index is of one metric, whatever order others have', (t) => {
  const texts = new LabelTexts();
  const [first, second] = [new SeriesLabels(texts.of(names)), new SeriesLabels(texts.of(names))];
  const values = Array.from({ length: 300 }, (_, k) => [`u${k}`, 'mac']);
  for (const value of values) first.add(value);
  const order = [0, 1, ...Array.from({ length: 298 }, (_, k) => 299 - k)];
  for (const [index, k] of order.entries()) {
    t.equal(second.find(values[k]!), -1);
    t.equal(second.add(values[k]!), index);
  }
  for (const [index, k] of order.entries()) {
    if (second.find(values[k]!) !== index || second.texts(index)[0] !== `u${k}`) t.fail(`series ${index}`);
  }
  t.ok(second.compare(2, 3) > 0, 'u299 is behind u298');
  t.equal(second.add(['new', 'here']), 300);
  t.equal(first.find(['new', 'here']), -1);
  t.equal(first.add(['other', 'here']), 300);
  t.same(
    [first.texts(300), second.texts(300)],
    [
      ['other', 'here'],
      ['new', 'here'],
    ],
  );
  t.same([first.find(['new', 'here']), first.find(['other', 'here'])], [-1, 300]);
  t.end();
});
