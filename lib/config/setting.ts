import { nearest } from './nearest.ts';
import { type ConfigNode, isAbsent, type MapNode, quote, textNode } from './node.ts';
import { asMap, hintFor, type Reading, type ValueKind } from './value.ts';

/** What a command line gives; the texts of the options, not yet read. */
export interface CliOptions {
  readonly reportInterval?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly metricsAddr?: string | undefined;
  readonly otelLogUrl?: string | undefined;
  readonly seed?: string | number | undefined;
}

/** Everything there is to say about one setting, said once. */
export interface Setting<T> {
  readonly kind: 'setting';
  readonly type: ValueKind<any>;
  readonly default: T;
  /** One sentence for the README's table. */
  readonly description: string;
  /** As it would be written in YAML. */
  readonly example?: string;
  /** What stands in the table for a default that depends on something. */
  readonly defaultText?: string;
  /** Environment variables; the first that is set counts. */
  readonly env?: readonly string[];
  readonly option?: keyof CliOptions;
  /** A path from the root under which other systems' files have the same setting. */
  readonly alias?: string;
  /** OpenZiti silently ignores such a value of the wrong type; here that is a warning. */
  readonly lenient?: boolean;
}

export interface Group<F extends Fields> {
  readonly kind: 'group';
  readonly fields: F;
  /** Keys of other systems in the same map, about which nothing is said. */
  readonly foreign?: readonly string[];
  /** The map belongs to another system, too: only keys that look like a slip of ours are warned of. */
  readonly shared?: boolean;
}

export type Fields = { readonly [key: string]: Setting<any> | Group<any> };

/** What reading a group gives. */
export type Values<F extends Fields> = {
  -readonly [K in keyof F]: F[K] extends Setting<infer T>
    ? T
    : F[K] extends Group<infer G>
      ? Values<G>
      : never;
};

/** A setting with its default; `undefined` as default makes it optional. */
export function setting<T, const D extends T | undefined>(
  type: ValueKind<T>,
  details: Omit<Setting<D>, 'kind' | 'type'>,
): Setting<undefined extends D ? T | undefined : T> {
  return { kind: 'setting', type, ...details } as Setting<any>;
}

export function group<const F extends Fields>(
  fields: F,
  about: Omit<Group<F>, 'kind' | 'fields'> = {},
): Group<F> {
  return { kind: 'group', fields, ...about };
}

export interface Sources extends Reading {
  readonly options: CliOptions;
  readonly root: ConfigNode | undefined;
}

/** `reportInterval` is `--report-interval`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Reads a group: problems are told, and whatever is missing or wrong has its default. */
export function readGroup<F extends Fields>(
  group: Group<F>,
  node: ConfigNode | undefined,
  path: string,
  sources: Sources,
): Values<F> {
  const map = isAbsent(node) ? undefined : asMap(node, path, sources);
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(group.fields) as [string, Setting<unknown> | Group<Fields>][]) {
    const value = map?.entries.get(key)?.value;
    const below = path === '' ? key : `${path}.${key}`;
    values[key] =
      field.kind === 'group'
        ? readGroup(field, value, below, sources)
        : readSetting(field, value, below, sources);
  }
  if (map !== undefined) warnOfStrangers(Object.keys(group.fields), map, path, sources, group);
  return values as Values<F>;
}

/** Every source of a setting is read, so that every mistake is told; the strongest that is given counts. */
function readSetting(
  setting: Setting<unknown>,
  node: ConfigNode | undefined,
  path: string,
  sources: Sources,
): unknown {
  const aliased = setting.alias === undefined ? undefined : at(sources.root, setting.alias.split('.'));
  const candidates: [ConfigNode, string][] = [];
  if (!isAbsent(aliased)) candidates.push([aliased, setting.alias!]);
  if (!isAbsent(node)) candidates.push([node, path]);
  const fromEnvironment = environmentNode(setting, sources);
  if (fromEnvironment !== undefined) candidates.push(fromEnvironment);
  const option = setting.option === undefined ? undefined : sources.options[setting.option];
  if (option !== undefined) candidates.push([textNode(flagOf(setting.option!), String(option)), 'its value']);

  let result: unknown;
  for (const [candidate, name] of candidates) {
    result = readValue(setting, candidate, name, sources) ?? result;
  }
  return result ?? setting.default;
}

function environmentNode(setting: Setting<unknown>, { env }: Sources): [ConfigNode, string] | undefined {
  const counts = (value: string | undefined) =>
    value !== undefined && (value !== '' || setting.type.emptyIsValue === true);
  const name = setting.env?.find((variable) => counts(env[variable]));
  return name === undefined ? undefined : [textNode(name, env[name]!), 'its value'];
}

function readValue(setting: Setting<unknown>, node: ConfigNode, path: string, sources: Sources): unknown {
  if (setting.lenient && !(node.kind === 'scalar' && Number.isInteger(node.value))) {
    sources.problems.warning(
      node.origin,
      path,
      `${path} must be a whole number, not ${quote(node)}: it is ignored, as OpenZiti does, and ${setting.default} is used`,
      hintFor(node) ??
        (node.kind === 'scalar'
          ? `write ${Number.parseInt(node.text, 10) || setting.default} without quotes`
          : undefined),
    );
    return undefined;
  }
  return setting.type.read(node, path, sources);
}

/** The value at a path, if there is one. */
export function at(node: ConfigNode | undefined, keys: readonly string[]): ConfigNode | undefined {
  let found = node;
  for (const key of keys) found = found?.kind === 'map' ? found.entries.get(key)?.value : undefined;
  return found;
}

/** Warns of keys that nobody reads, and names the one that was probably meant. */
export function warnOfStrangers(
  known: readonly string[],
  map: MapNode,
  path: string,
  { problems }: Pick<Reading, 'problems'>,
  { foreign = [], shared = false }: Pick<Group<Fields>, 'foreign' | 'shared'> = {},
): void {
  for (const [key, { origin }] of map.entries) {
    if (known.includes(key) || foreign.includes(key)) continue;
    const meant = nearest(
      key,
      known.filter((word) => !map.entries.has(word)),
    );
    if (shared && meant === undefined) continue;
    const full = path === '' ? key : `${path}.${key}`;
    const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
    problems.warning(origin, full, `${full} is not a setting`, hint);
  }
}
