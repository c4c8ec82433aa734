import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { loadConfig } from '../../../../lib/config/load.ts';
import { generate } from '../../../../lib/generate/index.ts';
import { openPipeline, type Pipeline } from '../../../../lib/pipeline.ts';
import type { Chunk } from '../../../../lib/stages/parse.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The memories that scanners were given. */
const memories: WeakRef<object>[] = [];
const { Memory } = WebAssembly;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: ConstructorParameters<typeof Memory>[0]) {
    super(descriptor);
    memories.push(new WeakRef(this));
  }
};

const log = join(t.testdir(), 'operator.log');
const bytes = Buffer.concat([...generate({ kind: 'operator', records: 20_000, seed: 1 })]);
await writeFile(log, bytes);
const descriptor = openSync(log, 'r');
t.teardown(() => closeSync(descriptor));

async function* chunks(): AsyncGenerator<Chunk> {
  const input = { name: log, framing: '' };
  const from = bytes.indexOf('\n') + 1;
  yield { input, bytes: Buffer.from(bytes.subarray(0, from)) };
  async function* rest(at = from): AsyncGenerator<Uint8Array> {
    yield Buffer.from(bytes.subarray(at));
  }
  yield {
    input,
    rest: { bytes: rest, file: { descriptor, from, to: bytes.length, progress: () => {} } },
  };
}

async function readAll(): Promise<Pipeline> {
  const { config } = await loadConfig({ files: [], env: {}, options: { output: 'none' } });
  const pipeline = openPipeline(config, {
    measure: 'always',
    usage: true,
    workers: 1,
    inputFormat: 'ndjson',
  });
  await pipeline.run(chunks());
  await pipeline.close();
  return pipeline;
}

t.test(
  'a pipeline that is closed keeps what was read, and no memory of the threads that read it',
  async (t) => {
    const pipeline = await readAll();
    t.ok(memories.length > 1, `${memories.length} memories`);
    // what read the first chunk is as small as that
    const others = memories.slice(1);
    const alive = (): number => others.filter((memory) => memory.deref() !== undefined).length;
    for (let turn = 0; turn < 100; turn++) {
      // what is looked at stays for the turn
      await sleep(20);
      collect();
      await sleep(20);
      if (alive() === 0) break;
    }
    t.equal(alive(), 0);
    const sessions = pipeline.usage!.sessions.table.length;
    t.ok(sessions > 1000, `${sessions} sessions`);
    const families = [...pipeline.figures()].map(({ name }) => name);
    t.ok(families.includes('mirrord_sessions_create_total'));
  },
);
