import t from 'tap';
import { StripeLength } from '../../../../lib/parse/scanner/workers/stripe-length.ts';

const MIB = 1 << 20;

t.test('stripes grow while nothing but accounts comes, and are pieces again once rows do', async (t) => {
  const lengths = new StripeLength(1, 64 * MIB);
  t.equal(lengths.of(1024 * MIB, MIB), MIB);
  t.same(lengths.range(MIB, false), [MIB, MIB]);
  lengths.grow(MIB);
  lengths.grow(8 * MIB);
  t.equal(lengths.of(1024 * MIB, MIB), 9 * MIB);
  const [bytes, piece] = lengths.range(MIB, false);
  t.equal(bytes, 9 * MIB);
  t.ok(piece < MIB, 'which are read in smaller ones');
  t.equal(
    lengths.range(MIB, true)[0],
    8 * MIB,
    'the main thread is told no more at once than others can wait to be heard',
  );
  for (let k = 0; k < 100; k++) lengths.grow(MIB);
  t.equal(lengths.of(1024 * MIB, MIB), 64 * MIB, 'no longer than the longest');
  lengths.reset();
  t.equal(lengths.of(1024 * MIB, MIB), MIB);
  t.equal(lengths.isWorthHelp, false);
});

t.test('near the end every worker has some stripes left', async (t) => {
  const lengths = new StripeLength(2, 64 * MIB);
  lengths.grow(64 * MIB);
  t.equal(lengths.of(80 * MIB, MIB), 20 * MIB);
  t.equal(lengths.of(2 * MIB, MIB), MIB, 'at least a piece');
});
