import fc from 'fast-check';
import t from 'tap';
import { behind, DueReports } from '../../lib/roles/due-reports.ts';
import { type Marks, Watermark } from '../../lib/roles/watermark.ts';

const never = Number.NEGATIVE_INFINITY;

t.test('a report is due at each boundary behind which a mark lies, once', async (t) => {
  const due = new DueReports(60, never, []);
  t.equal(due.next(Number.POSITIVE_INFINITY), undefined);
  due.take({ 'in/0': 119, 'in/1': null, 'in/2': 1000 });
  t.equal(due.next(59), undefined);
  t.equal(due.next(60), 60, 'a watermark at that very time has reached it');
  due.report(60);
  t.equal(due.next(900), undefined, 'a gap gives none of its own');
  due.take({ 'in/0': 118, 'in/1': 961 });
  t.equal(due.next(1000), 960);
  t.same(due.open, [960]);
  due.report(1000);
  t.same(due.open, []);
  due.take({ 'in/0': 999 });
  t.equal(due.next(1000), undefined, 'the last one was behind it');
});

t.test('boundaries that nobody reaches are bounded', async (t) => {
  const due = new DueReports(1, never, []);
  for (let time = 0; time < 10_010; time++) due.take({ 'in/0': time });
  t.equal(due.open.length, 10_000);
  t.equal(due.next(Number.POSITIVE_INFINITY), 10);
});

t.test(
  'shares report the same boundaries, however many marks one takes at once, and whoever goes on',
  async (t) => {
    const partitions = ['p0', 'p1', 'p2'];
    const steps = fc.array(fc.record({ partition: fc.constantFrom(...partitions), on: fc.nat(90) }), {
      minLength: 1,
      maxLength: 60,
    });
    const pauses = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    const holds = fc.property(steps, pauses, fc.boolean(), (taken, some, goesOn) => {
      const times: Record<string, number> = { p0: 0, p1: 0, p2: 0 };
      const marks: Marks[] = taken.map(({ partition, on }) => {
        times[partition]! += on;
        return { [partition]: times[partition]! };
      });
      const one = reports(marks, () => 1, false);
      let k = 0;
      const other = reports(marks, () => some[k++ % some.length]!, goesOn);
      // who takes fewer at once is no further at the end than who takes all
      t.ok(other.every((time, place) => time === one[place]) && other.length === one.length);
    });
    fc.assert(holds, { seed: 5 });
  },
);

/** What a share reports that looks for what is due behind so many marks, and is begun anew behind each report if wished. */
function reports(marks: readonly Marks[], pause: () => number, goesOn: boolean): number[] {
  const found: number[] = [];
  let watermark = new Watermark(0);
  let due = new DueReports(60, never, []);
  const first = { p0: 0, p1: 0, p2: 0 };
  watermark.take(first, 0);
  due.take(first);
  for (let from = 0; from < marks.length; ) {
    const to = Math.min(marks.length, from + pause());
    for (const some of marks.slice(from, to)) {
      watermark.take(some, 0);
      due.take(some);
    }
    from = to;
    for (let time = due.next(watermark.at(0)); time !== undefined; time = due.next(watermark.at(0))) {
      due.report(time);
      found.push(time);
      if (!goesOn) continue;
      due = new DueReports(60, due.reported, due.open);
      const kept = watermark.marks;
      watermark = new Watermark(0);
      watermark.take(kept, 0);
    }
  }
  return found;
}

t.test(
  'shares that were not reported as far as others come first, up to where the next ones are',
  async (t) => {
    t.equal(behind([], 60), undefined);
    t.equal(behind([never, never], 60), undefined);
    t.equal(behind([120, 150], 60), undefined, 'a last report between two boundaries is no boundary');
    t.same(behind([180, 120, 120], 60), { places: [1, 2], until: 180 });
    t.same(behind([240, never, 130, 240], 60), { places: [1], until: 120 });
  },
);
