import fc from 'fast-check';
import t from 'tap';
import { cutAtBarrier, nextBarrier } from '../../../../lib/parse/scanner/aggregation/tick-barriers.ts';

const BARRIER = nextBarrier(0);

t.test('lines that begin before a barrier come before the cut, however the bytes came', (t) => {
  const shapes = fc.record({
    start: fc.integer({ min: BARRIER - 60, max: BARRIER + 5 }),
    lines: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 20 }),
    chunk: fc.integer({ min: 1, max: 40 }),
  });
  const found = fc.check(
    fc.property(shapes, ({ start, lines, chunk }) => {
      const bytes = Buffer.from(lines.map((length) => `${'x'.repeat(length)}\n`).join(''));
      const barrier = nextBarrier(start);
      let lineStart = start;
      let cut: number | undefined;
      for (let at = 0; at < bytes.length && cut === undefined; at += chunk) {
        const piece = bytes.subarray(at, at + chunk);
        const found = cutAtBarrier(lineStart, start + at, piece);
        if (found > 0) cut = start + at + found;
        const lf = piece.lastIndexOf(10);
        if (lf >= 0) lineStart = start + at + lf + 1;
      }
      let next = start;
      for (const length of lines) if (next < barrier) next += length + 1;
      return cut === (next >= barrier ? next : undefined);
    }),
    { numRuns: 500 },
  );
  t.equal(found.failed ? fc.defaultReportMessage(found) : '', '');
  t.end();
});
