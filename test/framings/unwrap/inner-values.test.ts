import { gzipSync } from 'node:zlib';
import t from 'tap';
import { textOfBase64 } from '../../../lib/framings/unwrap/inner-values.ts';

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');

t.test('base64 of a text, or of gzip', async (t) => {
  const record = '{"timestamp":"2024-04-01T00:00:00Z","level":"INFO"}';
  t.equal(textOfBase64(base64(record)), record);
  t.equal(textOfBase64(base64(gzipSync(record))), record);
  const text = '2024-04-01T00:00:00Z  INFO a: b';
  t.equal(textOfBase64(base64(text)), text);
});

t.test('anything else', async (t) => {
  const text = 'abcdefghijklmnopqrstuvwxyz 0123456789';
  t.equal(textOfBase64('eyJ'), undefined, 'too short for a record');
  t.equal(textOfBase64(`${base64('{"a":"it goes on and on and on"}')} `), undefined, 'a blank');
  t.equal(
    textOfBase64(base64(Buffer.concat([Buffer.from('{"'), Buffer.alloc(40, 0xff)]))),
    undefined,
    'no UTF-8',
  );
  t.equal(textOfBase64(base64(gzipSync(text).subarray(0, -9))), undefined, 'gzip that is cut off');
  t.equal(textOfBase64(base64(gzipSync(Buffer.alloc(9 << 20)))), undefined, 'a bomb');
});
