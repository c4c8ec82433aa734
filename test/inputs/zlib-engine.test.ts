import { createGunzip, gzipSync } from 'node:zlib';
import t from 'tap';
import { ZlibEngine } from '../../lib/inputs/zlib-engine.ts';

const CHUNK = 1000;

t.test('all that a write makes comes with it, in pieces', async (t) => {
  const text = 'abcdefghij'.repeat(1234);
  const engine = new ZlibEngine(createGunzip({ chunkSize: CHUNK }));
  const packed = gzipSync(text);
  let found = '';
  // without the checksum, so that it has not ended: a live line must not wait for what follows
  for await (const chunk of engine.write(packed.subarray(0, -8))) {
    t.ok(chunk.length <= CHUNK);
    found += Buffer.from(chunk).toString();
    // time enough for the engine to be ahead of the reader
    for (let k = 0; k < 5; k++) await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal(found, text);
  t.equal(engine.ended, false);
  for await (const _ of engine.write(packed.subarray(-8))) t.fail('there is no more');
  for await (const _ of engine.end()) t.fail('there is no more');
  t.equal(engine.ended, true);
  t.equal(engine.bytesUsed, packed.length);
  engine.close();
});

t.test('a failure is told behind what was made', async (t) => {
  const engine = new ZlibEngine(createGunzip({ chunkSize: CHUNK }));
  const good = gzipSync('good');
  const found: string[] = [];
  for await (const chunk of engine.write(good)) found.push(Buffer.from(chunk).toString());
  t.same(found, ['good']);
  const more = engine.write(Buffer.from('\x1f\x8b no gzip', 'latin1'));
  await t.rejects(more.next(), { code: 'Z_DATA_ERROR' });
  engine.close();
});
