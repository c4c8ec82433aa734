import type { Config } from '../config.ts';
import { loadConfig } from './load.ts';
import { assertValid } from './problem.ts';

/**
 * The configuration of a program: settings in the form of the YAML, defaults filled in. Nothing is read from the
 * environment, and only handlers that are named write anything.
 * @throws MirrormonError CONFIG_INVALID
 */
export async function resolveConfig(settings: object = {}): Promise<Config> {
  const loaded = await loadConfig({
    files: ['settings'],
    // JSON is YAML
    readFile: async () => JSON.stringify(settings),
    env: {},
    literal: true,
    options: { output: 'none' },
  });
  assertValid(loaded);
  return loaded.config;
}
