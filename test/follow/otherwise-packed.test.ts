import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { OtherwisePacked } from '../../lib/follow/otherwise-packed.ts';

const SECOND = 1_000_000_000n;

t.test('what is packed otherwise and was written to later is told once', async (t) => {
  const path = join(t.testdir({ 'a.log': '', 'a.log.3.xz': '' }), 'a.log');
  const told: string[] = [];
  const packed = new OtherwisePacked(path, (text) => told.push(text));
  const make = (name: string, seconds: number): void => {
    writeFileSync(`${path}${name}`, '');
    utimesSync(`${path}${name}`, seconds, seconds);
  };
  await packed.begin();
  await packed.tellLaterThan(0n);
  t.same(told, [], 'it lay there before');
  make('.2.xz', 1000);
  await packed.tellLaterThan(1000n * SECOND);
  t.same(told, [], 'the one that was read, packed');
  make('.1.bz2', 1001);
  make('-20260101.xz', 1002);
  make('.saved.xz', 1003);
  make('.4.gz', 1003);
  await packed.tellLaterThan(1000n * SECOND);
  t.equal(told.length, 1);
  t.match(
    told[0]!,
    /a\.log(\.1\.bz2|-20260101\.xz), and 1 more like it: rotated away and packed before it was read, and (bz2|xz) is not unpacked here/,
  );
  await packed.tellLaterThan(1000n * SECOND);
  t.equal(told.length, 1);
});
