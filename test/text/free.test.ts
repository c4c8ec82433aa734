import t from 'tap';
import { free } from '../../lib/text/free.ts';

t.test('memory that was freed is gone, and other memory stays', (t) => {
  const [gone, kept] = [Buffer.allocUnsafeSlow(1 << 20), Buffer.allocUnsafeSlow(1 << 20)];
  kept.fill('k');
  for (let k = 0; k < 3; k++) {
    const another = Buffer.allocUnsafeSlow(1 << 20);
    free(another.buffer);
    t.equal(another.length, 0);
  }
  free(gone.buffer);
  t.equal(gone.buffer.byteLength, 0);
  t.ok(kept.equals(Buffer.alloc(1 << 20, 'k')));
  const several = [Buffer.allocUnsafeSlow(9), Buffer.allocUnsafeSlow(9)];
  free(...several.map(({ buffer }) => buffer));
  t.same(
    several.map(({ length }) => length),
    [0, 0],
  );
  const shared = new SharedArrayBuffer(8);
  free(shared);
  t.equal(shared.byteLength, 8, 'what others see, too, is not ours to give back');
  t.end();
});
