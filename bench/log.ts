import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type GenerateOptions, generate, type Layout } from '../lib/generate/index.ts';

export const folder = join(tmpdir(), 'mirrormon-bench');

/** A generated log of the Operator, made once per size, seed, layout and state of the generator. */
export function operatorLog(records: number, seed: number, layout: Layout = 'plain', users?: number): string {
  return madeLog({ kind: 'operator', records, seed, layout, users });
}

/** The same of an OpenZiti controller's events. */
export function zitiLog(records: number, seed: number, layout: Layout = 'plain'): string {
  return madeLog({ kind: 'ziti', records, seed, layout });
}

/** A file as gzip -6 makes it, made once. */
export async function gzipped(log: string): Promise<string> {
  const file = `${log}.gz`;
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  await pipeline(
    createReadStream(log, { highWaterMark: 1 << 20 }),
    createGzip(),
    createWriteStream(unfinished),
  );
  renameSync(unfinished, file);
  return file;
}

function madeLog(options: GenerateOptions): string {
  const [sample] = generate({ ...options, records: 1000 });
  const version = createHash('sha256')
    .update(sample as Buffer)
    .digest('hex')
    .slice(0, 8);
  const { kind, records, seed, layout, users } = options;
  const name = [kind, records, seed, layout, users === undefined ? 'usual' : `${users}-users`, version];
  const file = join(folder, `${name.join('-')}.log`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const fd = openSync(unfinished, 'w');
  for (const chunk of generate(options)) writeSync(fd, chunk);
  closeSync(fd);
  renameSync(unfinished, file);
  return file;
}
