import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of the scanner that is loaded by its path, as it was built: beside this module where that was compiled, else
 * in `dist/lib/parse/scanner/` of the package, from the sources' folder or from wherever a bundle of the program stands.
 */
export function builtFile(name: string): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const inPackage = ['..', join('..', '..'), join('..', '..', '..')].flatMap((up) => [
    join(here, up, 'dist', 'lib', 'parse', 'scanner', name),
    join(here, up, 'lib', 'parse', 'scanner', name),
  ]);
  return [join(here, name), ...inPackage].find((path) => existsSync(path));
}
