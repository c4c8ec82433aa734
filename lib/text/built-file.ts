import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of a room that is loaded by its path, as it was built: beside this bundle, in the room where that was compiled,
 * or else in `dist/lib/` of the package, from the sources' folder or from wherever a bundle of the program stands.
 * @param room below lib/
 */
export function builtFile(room: string, name: string): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const inPackage = ['..', join('..', '..'), join('..', '..', '..')].flatMap((up) => [
    join(here, up, 'dist', 'lib', room, name),
    join(here, up, 'lib', room, name),
  ]);
  return [join(here, name), join(here, '..', room, name), ...inPackage].find((path) => existsSync(path));
}
