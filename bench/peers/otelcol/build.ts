import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../test/helpers/root.ts';
import { folder } from '../../log.ts';

/** Where the collector is, if it is here. */
export const binary = join(folder, 'otelcol');

/** Builds the collector with Go, in a copy, since Go adds to the module's files; it takes one to two minutes at first. */
export function build(attempt: (command: string, args: readonly string[]) => void): void {
  const copy = mkdtempSync(join(folder, 'otelcol-build-'));
  try {
    for (const file of ['go.mod', 'main.go'])
      cpSync(join(root, 'bench', 'peers', 'otelcol', file), join(copy, file));
    attempt('go', ['-C', copy, 'build', '-mod=mod', '-trimpath', '-o', binary, '.']);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
