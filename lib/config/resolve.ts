import type { Config, HandlerType } from '../config.ts';
import { MirrormonError } from '../errors.ts';
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
  checkWritable(settings, []);
  const text = JSON.stringify(settings);
  const loaded = await loadConfig({
    files: ['settings'],
    // JSON is YAML
    readFile: async () => text,
    env: {},
    literal: true,
    closed: true,
    options: { output: 'none' },
  });
  assertValid(loaded);
  return loaded.config;
}

/**
 * JSON leaves out what it has no words for, or writes something else: a setting would count that nobody has given.
 * @param within the objects that it stands in
 */
function checkWritable(value: unknown, path: readonly string[], within: readonly object[] = []): void {
  const problem = unwritable(value, within);
  if (problem !== undefined) {
    throw new MirrormonError(
      'CONFIG_INVALID',
      `${path.join('.') || 'a configuration'} must not be ${problem}`,
      {
        hint: 'write it as the YAML would have it: maps, lists, texts, numbers, true and false',
      },
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value))
    checkWritable(member, [...path, key], [...within, value]);
}

function unwritable(value: unknown, within: readonly object[]): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return circle(value, within);
  const maker = value.constructor as { readonly name: string } | undefined;
  // of another realm it has another Object
  const isPlain = maker === undefined || maker.name === 'Object';
  return isPlain ? circle(value, within) : `an instance of ${maker.name}`;
}

const circle = (value: unknown, within: readonly object[]): string | undefined =>
  within.includes(value as object) ? 'a part of itself' : undefined;
