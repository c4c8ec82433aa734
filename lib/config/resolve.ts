import type { Config, HandlerType } from '../config.ts';
import type { handlerGroup, subscriptionGroup } from './event-schema.ts';
import { loadConfig } from './load.ts';
import { assertValid } from './problem.ts';
import type { sections } from './schema.ts';
import type { Written } from './setting.ts';

/** One entry of `events`: what is selected, and what writes it. */
export interface EventSettings {
  readonly subscriptions: readonly (Written<(typeof subscriptionGroup)['fields']> & {
    readonly type: string;
  })[];
  readonly handler: Written<(typeof handlerGroup)['fields']> & { readonly type: HandlerType };
}

/** A configuration as a program writes it: what stands in the YAML. */
export interface Settings extends Written<typeof sections> {
  /** By a name of the program's own. */
  readonly events?: Readonly<Record<string, EventSettings>> | undefined;
}

/**
 * The configuration of a program: settings in the form of the YAML, defaults filled in. Nothing is read from the
 * environment, and only handlers that are named write anything. A key that there is not is an error, with the nearest
 * that there is.
 * @throws {MirrormonError} CONFIG_INVALID
 */
export async function resolveConfig(settings: Settings = {}): Promise<Config> {
  const loaded = await loadConfig({
    files: ['settings'],
    // JSON is YAML
    readFile: async () => JSON.stringify(settings),
    env: {},
    literal: true,
    closed: true,
    options: { output: 'none' },
  });
  assertValid(loaded);
  return loaded.config;
}
