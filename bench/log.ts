import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from '../lib/generate/index.ts';

export const folder = join(tmpdir(), 'mirrormon-bench');

/** A generated log of the Operator, made once per size, seed and state of the generator. */
export function operatorLog(records: number, seed: number): string {
  const options = { kind: 'operator', seed } as const;
  const [sample] = generate({ ...options, records: 1000 });
  const version = createHash('sha256')
    .update(sample as Buffer)
    .digest('hex')
    .slice(0, 8);
  const file = join(folder, `operator-${records}-${seed}-${version}.log`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const fd = openSync(unfinished, 'w');
  for (const chunk of generate({ ...options, records })) writeSync(fd, chunk);
  closeSync(fd);
  renameSync(unfinished, file);
  return file;
}
