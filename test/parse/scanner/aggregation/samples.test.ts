import fc from 'fast-check';
import t from 'tap';
import { NaturalLog } from '../../../../lib/math/natural-log.ts';
import { assemble } from './assembled.ts';

const { exports, bytes } = await assemble(`
import { openSamples } from './aggregation/samples';
export * from './aggregation/samples';
openSamples(64 << 20);
`);

const AT = 4096;
const DECAY = 0.015 / 1000;
const log = new NaturalLog();

interface Value {
  readonly value: number;
  readonly time: number;
  readonly random: number;
}

const orderOf = ({ time, random }: Value): number => log.of(random) - DECAY * time;

/** What stays of all values, by definition: the newest, and the first of the others. */
function kept(all: readonly Value[], keep: number, newest: boolean): string {
  const others = [...all];
  let last: Value | undefined;
  if (newest && others.length > 0) {
    others.sort((a, b) => b.time - a.time || b.random - a.random || b.value - a.value);
    last = others.shift();
  }
  others.sort((a, b) => orderOf(a) - orderOf(b) || a.value - b.value);
  return JSON.stringify([last ?? null, others.slice(0, keep).map((v) => [orderOf(v), v.value])]);
}

function sample(all: readonly Value[], keep: number, newest: boolean): string {
  exports.clearSamples!();
  bytes.fill(0, AT, AT + 48);
  exports.beginSample!(AT);
  for (const { value, time, random } of all)
    exports.takeValue!(AT, value, time, random, DECAY, keep, newest ? 1 : 0);
  exports.settleSample!(AT, keep);
  const pairs = bytes.readUInt32LE(AT);
  const found = Array.from({ length: bytes.readUInt32LE(AT + 4) }, (_, k) => [
    bytes.readDoubleLE(pairs + 16 * k),
    bytes.readDoubleLE(pairs + 16 * k + 8),
  ]).sort(([a, v], [b, w]) => a! - b! || v! - w!);
  const last =
    bytes.readUInt32LE(AT + 12) === 0
      ? null
      : {
          value: bytes.readDoubleLE(AT + 40),
          time: bytes.readDoubleLE(AT + 24),
          random: bytes.readDoubleLE(AT + 32),
        };
  return JSON.stringify([last, found]);
}

const values = (most: number) =>
  fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 20 }),
      time: fc.oneof(fc.constantFrom(0, 5), fc.integer({ min: 0, max: 1e6 })),
      random: fc.oneof(
        fc.constantFrom(0.25, 0.5),
        fc.double({ min: 2 ** -53, max: 1 - 2 ** -53, noNaN: true }),
      ),
    }),
    { maxLength: most, size: 'max' },
  );

for (const newest of [true, false]) {
  t.test(`keeps what lib/math's definition keeps${newest ? ', the newest apart' : ''}`, async (t) => {
    const found = fc.check(
      fc.property(
        values(400),
        fc.integer({ min: 0, max: 40 }),
        (all, keep) => sample(all, keep, newest) === kept(all, keep, newest),
      ),
      { numRuns: 300 },
    );
    t.equal(found.errorInstance ?? found.counterexample, null);
  });
}

t.test('two samples of the usual sizes, of many values', async (t) => {
  for (const keep of [127, 1027]) {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const all = Array.from({ length: 20_000 }, (_, k) => ({
      value: Math.floor(next() * 1000),
      time: k * 7,
      random: next(),
    }));
    t.equal(sample(all, keep, true), kept(all, keep, true));
  }
});
