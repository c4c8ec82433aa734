import t from 'tap';
import { Histogram, Reservoir } from '../../lib/math/index.ts';

t.test("a histogram is a reservoir with the options of OpenZiti's histograms", async (t) => {
  t.equal(Histogram, Reservoir);
  t.match(new Histogram(), { size: 128, alpha: 0.015, admission: 'newest' });
});
