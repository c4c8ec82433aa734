import fc from 'fast-check';
import t from 'tap';
import { Watermark } from '../../lib/roles/watermark.ts';

t.test('it is as far as the partition that is furthest behind', async (t) => {
  const watermark = new Watermark(0);
  t.equal(watermark.at(0), Number.NEGATIVE_INFINITY, 'nothing has been heard');
  watermark.take({ 'in/0': 50, 'in/1': null }, 0);
  t.equal(watermark.at(0), Number.NEGATIVE_INFINITY, 'one has had no record');
  watermark.take({ 'in/1': 30 }, 0);
  t.equal(watermark.at(0), 30);
  watermark.take({ 'in/1': 20, 'in/0': null }, 0);
  t.equal(watermark.at(1e9), 30, 'marks never go back, and nobody is left out where that was not asked for');
  t.same(watermark.marks, { 'in/0': 50, 'in/1': 30 });
});

t.test('a partition that does not move is not waited for, until it does', async (t) => {
  const watermark = new Watermark(1000);
  watermark.take({ 'in/0': 50, 'in/1': 30 }, 0);
  watermark.take({ 'in/0': 90, 'in/1': 30 }, 900);
  t.equal(watermark.at(1000), 30);
  t.equal(watermark.at(1001), 90);
  watermark.take({ 'in/1': 40 }, 1500);
  t.equal(watermark.at(1500), 40);
  t.equal(watermark.at(9000), 90, 'where none moves, what has come is all there is');
});

t.test('it never goes back while all move, and is no further than any mark', async (t) => {
  const steps = fc.array(fc.record({ partition: fc.nat(3), time: fc.nat(1000) }), { maxLength: 40 });
  const holds = fc.property(steps, (taken) => {
    const watermark = new Watermark(0);
    watermark.take({ p0: 0, p1: 0, p2: 0, p3: 0 }, 0);
    let before = 0;
    return taken.every(({ partition, time }) => {
      watermark.take({ [`p${partition}`]: time }, 0);
      const now = watermark.at(0);
      const isFine = now >= before && Object.values(watermark.marks).every((mark) => mark! >= now);
      before = now;
      return isFine;
    });
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 3 }));
});
