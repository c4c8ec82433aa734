import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import t from 'tap';
import { generateCommand } from '../../lib/commands/generate.ts';
import { generate } from '../../lib/generate/index.ts';

const options = { kind: 'operator', records: 20_000, seed: 3 } as const;

t.test('writes the log, at the pace of a slow reader', async (t) => {
  let _waiting = 0;
  let most = 0;
  const pieces: Buffer[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      _waiting++;
      most = Math.max(most, slow.writableLength);
      pieces.push(chunk);
      setImmediate(() => {
        _waiting--;
        done();
      });
    },
  });
  t.equal(await generateCommand(options, slow), 0);
  slow.end();
  t.ok(Buffer.concat(pieces).equals(Buffer.concat([...generate(options)])));
  t.ok(most <= 1 << 20, 'one chunk waits at a time');
  t.equal(slow.listenerCount('drain'), 0, 'and no listener stays');
});

t.test('a reader that has enough ends it quietly', async (t) => {
  let taken = 0;
  const closing = new Writable({
    write(_chunk, _encoding, done) {
      taken++;
      done(taken < 3 ? null : Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    },
  });
  closing.on('error', () => {});
  t.equal(await generateCommand(options, closing), 0);
  t.equal(taken, 3);
  const gone = new PassThrough();
  gone.destroy();
  t.equal(await generateCommand(options, gone), 0);
});

t.test('any other failure is one', async (t) => {
  const full = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    },
  });
  full.on('error', () => {});
  await t.rejects(generateCommand(options, full), { code: 'ENOSPC' });
});

t.test('a small log needs no drain', async (t) => {
  const sink = new PassThrough();
  const written = buffer(sink);
  t.equal(await generateCommand({ ...options, records: 1 }, sink), 0);
  sink.end();
  t.match((await written).toString(), /^\{"timestamp":"2024-04-01T.*"Loaded license!".*\}\n$/);
});

t.test('what cannot be is refused, and what another kind of log has', async (t) => {
  const sink = new PassThrough();
  await t.rejects(generateCommand({ ...options, errors: 101 }, sink), { code: 'USAGE' });
  await t.rejects(generateCommand({ ...options, kind: 'ziti', users: 5 }, sink), { code: 'USAGE' });
});
