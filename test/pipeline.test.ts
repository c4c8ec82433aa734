import { Writable } from 'node:stream';
import t from 'tap';
import { loadConfig } from '../lib/config/load.ts';
import { resolveConfig } from '../lib/config/resolve.ts';
import { generate } from '../lib/generate/index.ts';
import { createPipeline, openPipeline } from '../lib/pipeline.ts';
import type { Chunk } from '../lib/stages/parse.ts';
import * as forms from './e2e/forms.ts';

const log = Buffer.concat([...generate({ kind: 'operator', records: 300, seed: 5 })]);
const lines = log.toString().trimEnd().split('\n');

/** Every chunk in memory of its own, or all in the same: each then is the pipeline's only until it asks for the next. */
async function* chunks(bytes: Uint8Array, size: number, isShared: boolean): AsyncGenerator<Chunk> {
  const shared = Buffer.alloc(size);
  const input = { name: 'log', framing: '' };
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    shared.fill('#');
    shared.set(chunk);
    yield { input, bytes: isShared ? shared.subarray(0, chunk.length) : Buffer.from(chunk) };
  }
  shared.fill('#');
}

async function recordsOf(bytes: Uint8Array, size: number, isShared: boolean, referenceParser: boolean) {
  const { config } = await loadConfig({ files: [], env: { RUST_LOG: 'trace' }, options: { output: 'logs' } });
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString('latin1'));
      // a slow sink: batches are held while the next chunks come
      setImmediate(done);
    },
  });
  const stdout = { stream, terminal: { isTTY: false, color: false } };
  const pipeline = openPipeline(config, { stdout, referenceParser, workers: 0 });
  await pipeline.run(chunks(bytes, size, isShared));
  await pipeline.close();
  t.same(pipeline.ledger.mismatches(), []);
  return written.join('');
}

t.test('a chunk is done with when the next one is asked for', async (t) => {
  const inputs = {
    ndjson: log,
    cri: Buffer.from(forms.cri(lines)),
    kubectl: Buffer.from(forms.kubectl(lines)),
  };
  for (const [name, bytes] of Object.entries(inputs)) {
    for (const reference of [false, true]) {
      const expected = await recordsOf(bytes, bytes.length, false, reference);
      t.equal(expected.split('\n').length, lines.length + 1, 'there is something to compare');
      // small ones do not even tell the framing
      for (const size of [150, 20_000]) {
        const found = await recordsOf(bytes, size, true, reference);
        t.ok(found === expected, `${name}, chunks of ${size} bytes, ${reference ? 'reference' : 'scanner'}`);
      }
    }
  }
});

t.test('a configuration that nobody has resolved is told as that', async (t) => {
  for (const config of [undefined, {}, resolveConfig({})])
    t.throws(() => createPipeline(config as never), { code: 'USAGE', hint: /await resolveConfig/ });
});
