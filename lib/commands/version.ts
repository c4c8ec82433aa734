import { readFileSync } from 'node:fs';

/** The version of the package that this file belongs to. */
export function version(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8'));
      return manifest.version;
    } catch {
      // sources lie one folder less deep than what is built from them
    }
  }
  return 'unknown';
}
