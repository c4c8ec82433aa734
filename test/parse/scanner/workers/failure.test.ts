import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Batch } from '../../../../lib/batch/batch.ts';
import { Wants } from '../../../../lib/batch/wants.ts';
import { MirrormonError } from '../../../../lib/errors.ts';
import type { Rest } from '../../../../lib/parse/parser.ts';
import { openScanner } from '../../../../lib/parse/scanner/index.ts';

const folder = t.testdir();
const log = join(folder, 'a.log');
const bytes = Buffer.from('{"level":"INFO"}\n'.repeat(1000));
await writeFile(log, bytes);
const descriptor = openSync(log, 'r');
t.teardown(() => closeSync(descriptor));

async function* chunks(from = 0): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.subarray(from));
}

const file: Rest = {
  bytes: chunks,
  file: { descriptor, from: 0, to: bytes.length, progress: () => {} },
};

/** Reads with a worker that runs this instead of the scanner. */
async function readWith(code: string, rest: Rest): Promise<number> {
  const entry = join(folder, `worker-${code.length}.mjs`);
  await writeFile(entry, `import { parentPort } from 'node:worker_threads';\n${code}`);
  const scanner = openScanner({
    wants: new Wants(),
    limits: { maxRecordBytes: 1000, maxDepth: 10 },
    workers: { count: 1, rangeBytes: 500, entry },
  })!;
  try {
    await scanner.startWorkers();
    let rows = 0;
    const parser = scanner.parser({ name: 'a.log', framing: '' }, 'ndjson');
    for await (const batch of parser.rest!(rest) as AsyncIterable<Batch>) {
      rows += batch.rows;
      batch.release();
    }
    return rows;
  } finally {
    scanner.close();
  }
}

const READY = `parentPort.postMessage({ ready: undefined });`;
/** The first message is what it works with. */
const deaths = {
  'an error': `${READY} parentPort.once('message', () => parentPort.on('message', () => { throw new Error('out of luck'); }));`,
  'an exit': `${READY} parentPort.once('message', () => parentPort.on('message', () => process.exit(7)));`,
};

for (const [name, code] of Object.entries(deaths)) {
  for (const [kind, rest] of Object.entries({ file, stream: { bytes: chunks } })) {
    t.test(
      `a worker that ends with ${name} while it reads a ${kind} ends the run with its cause`,
      async (t) => {
        const failure = await readWith(code, rest).catch((error: unknown) => error);
        t.ok(failure instanceof MirrormonError);
        t.match(failure, {
          code: 'PIPELINE_BROKEN',
          where: 'a.log',
          message: name === 'an error' ? /out of luck/ : /ended with 7/,
          hint: /--workers 0/,
          cause: Error,
        });
      },
    );
  }
}

t.test('a worker that cannot even start says so', async (t) => {
  await t.rejects(readWith(`throw new Error('no luck at all');`, file), {
    code: 'PIPELINE_BROKEN',
    message: /no luck at all/,
  });
});

t.test('a file that a worker cannot read is read here, where the error is told', async (t) => {
  const refusing = `${READY} parentPort.once('message', () => parentPort.on('message', () => parentPort.postMessage('unreadable')));`;
  t.equal(await readWith(refusing, file), 1000);
});
