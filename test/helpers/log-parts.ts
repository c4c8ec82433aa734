import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A log as so many parts of about the same size, cut after lines. */
export function partsOf(log: Buffer, count: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let k = 0, from = 0; k < count; k++) {
    const to = k === count - 1 ? log.length : log.indexOf(10, (log.length * (k + 1)) / count) + 1;
    parts.push(log.subarray(from, to));
    from = to;
  }
  return parts;
}

/**
 * The parts as files of a folder, every second one packed.
 * @param rejects whether the last line of each is no record
 * @returns their paths
 */
export async function writeParts(
  log: Buffer,
  {
    folder,
    count,
    rejects = false,
  }: { readonly folder: string; readonly count: number; readonly rejects?: boolean },
): Promise<string[]> {
  const files: string[] = [];
  for (const [k, part] of partsOf(log, count).entries()) {
    const bytes = rejects ? Buffer.concat([part, Buffer.from(`no record ${k}\n`)]) : part;
    files.push(join(folder, `part-${k}.log${k % 2 === 0 ? '' : '.gz'}`));
    await writeFile(files[k]!, k % 2 === 0 ? bytes : gzipSync(bytes));
  }
  return files;
}
