import { nearest } from '../text/nearest.ts';
import { at, type ConfigNode, isAbsent, type MapNode, placeText, quote, textNode } from './node.ts';
import type { CliOptions, Reading } from './reading.ts';
import { anyOf, asMap, hintFor, type ValueKind } from './value-kind.ts';

/** Everything there is to say about one setting, said once. */
export interface Setting<T, W = unknown> {
  readonly kind: 'setting';
  /** Never there: the type of what is written. */
  readonly written?: W;
  readonly type: ValueKind<unknown>;
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

export type Fields = { readonly [key: string]: Setting<unknown> | Group<Fields> };

/** What reading a group gives. */
export type Values<F extends Fields> = {
  -readonly [K in keyof F]: F[K] extends Setting<infer T>
    ? T
    : F[K] extends Group<infer G>
      ? Values<G>
      : never;
};

/** What a program may write for a group: every key may be left out, and no other be there. */
export type Written<F extends Fields> = {
  readonly [K in keyof F]?:
    | (F[K] extends Setting<unknown, infer W> ? W : F[K] extends Group<infer G> ? Written<G> : never)
    | undefined;
};

/** A setting with its default; `undefined` as default makes it optional. */
export function setting<T, W, const D extends T | undefined>(
  type: ValueKind<T, W>,
  details: Omit<Setting<D>, 'kind' | 'type' | 'written'>,
): Setting<undefined extends D ? T | undefined : T, W> {
  return { kind: 'setting', type, ...details } as unknown as Setting<
    undefined extends D ? T | undefined : T,
    W
  >;
}

export function group<const F extends Fields>(
  fields: F,
  about: Omit<Group<F>, 'kind' | 'fields'> = {},
): Group<F> {
  return { kind: 'group', fields, ...about };
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
  reading: Reading,
): Values<F> {
  const map = isAbsent(node) ? undefined : asMap(node, path, reading);
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(group.fields) as [string, Setting<unknown> | Group<Fields>][]) {
    const value = map?.entries.get(key)?.value;
    const below = path === '' ? key : `${path}.${key}`;
    values[key] =
      field.kind === 'group'
        ? readGroup(field, value, below, reading)
        : readSetting(field, value, below, reading);
  }
  if (map !== undefined) warnOfStrangers(Object.keys(group.fields), map, path, reading, group);
  return values as Values<F>;
}

/** Every source of a setting is read, so that every mistake is told; the strongest that is given counts. */
function readSetting(
  setting: Setting<unknown>,
  node: ConfigNode | undefined,
  path: string,
  reading: Reading,
): unknown {
  const aliased = setting.alias === undefined ? undefined : at(reading.root, setting.alias.split('.'));
  const candidates: [ConfigNode, string][] = [];
  if (!isAbsent(aliased)) candidates.push([aliased, setting.alias!]);
  if (!isAbsent(node)) candidates.push([node, path]);
  const fromEnvironment = environmentNode(setting, reading);
  if (fromEnvironment !== undefined) candidates.push(fromEnvironment);
  const option = setting.option === undefined ? undefined : reading.options[setting.option];
  if (option !== undefined) candidates.push([textNode(flagOf(setting.option!), String(option)), 'its value']);

  let result: unknown;
  for (const [candidate, name] of candidates) {
    const value = readValue(setting, candidate, name, reading);
    if (value === undefined) continue;
    result = value;
    reading.origins.set(path, placeText(candidate.origin));
  }
  return result ?? setting.default;
}

function environmentNode(setting: Setting<unknown>, { env }: Reading): [ConfigNode, string] | undefined {
  const counts = (value: string | undefined) =>
    value !== undefined && (value !== '' || setting.type.emptyIsValue === true);
  const name = setting.env?.find((variable) => counts(env[variable]));
  return name === undefined ? undefined : [textNode(name, env[name]!), 'its value'];
}

function readValue(setting: Setting<unknown>, node: ConfigNode, path: string, reading: Reading): unknown {
  if (setting.lenient && !(node.kind === 'scalar' && Number.isInteger(node.value))) {
    const quoted = node.kind === 'scalar' && /^\d+$/.test(node.text);
    reading.problems.warning(
      node.origin,
      path,
      `${path} must be a whole number, not ${quote(node)}: it is ignored, as OpenZiti does, and ${setting.default} counts`,
      hintFor(node) ?? (quoted ? `write ${node.text} without quotes` : undefined),
    );
    return undefined;
  }
  return setting.type.read(node, path, reading);
}

/** Warns of keys that nobody reads, and names the one that was probably meant. */
export function warnOfStrangers(
  known: readonly string[],
  map: MapNode,
  path: string,
  { problems, homesOf, closed }: Pick<Reading, 'problems' | 'homesOf' | 'closed'>,
  { foreign = [], shared = false }: Pick<Group<Fields>, 'foreign' | 'shared'> = {},
): void {
  const isShared = shared && !closed;
  const severity = closed ? 'error' : 'warning';
  for (const [key, { origin }] of map.entries) {
    if (known.includes(key) || foreign.includes(key)) continue;
    const misread = misreadKey(key, known);
    if (misread !== undefined) {
      problems.add(severity, origin, path === '' ? key : `${path}.${key}`, ...misread);
      continue;
    }
    const homes = homesOf(key, isShared);
    if (homes.length > 0) {
      const message = `${path === '' ? '' : `${path}.`}${key} stands at the wrong level, where nobody reads it`;
      problems.add(
        severity,
        origin,
        path === '' ? key : `${path}.${key}`,
        message,
        `it belongs to ${anyOf(homes)}`,
      );
      continue;
    }
    const meant = nearest(
      key,
      [...known, ...foreign].filter((word) => !map.entries.has(word)),
    );
    if (isShared && meant === undefined) continue;
    const full = path === '' ? key : `${path}.${key}`;
    const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
    problems.add(severity, origin, full, `${full} is not a setting`, hint);
  }
}

/** Blanks that YAML takes for letters: web pages and word processors write them, and editors show no difference. */
const oddBlanks = /^[\u00a0\u2000-\u200f\u2060\u3000\ufeff]+/;

/** A key that is another one to YAML than to whoever reads it. */
function misreadKey(key: string, known: readonly string[]): [message: string, hint: string] | undefined {
  const blanks = oddBlanks.exec(key)?.[0];
  if (blanks !== undefined) {
    const code = blanks.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const message = `${key.slice(blanks.length)} stands behind U+${code}, which is seen as a blank, or not at all, and is no indentation, so nobody reads it`;
    return [message, 'indent it by spaces'];
  }
  const [section = '', ...rest] = key.split('.');
  if (rest.length === 0 || !known.includes(section)) return undefined;
  const nested = rest.reduceRight((inner, name) => `{ ${name}: ${inner} }`, '…');
  return [`${key} is one key to YAML, dots and all, and nobody reads it`, `write ${section}: ${nested}`];
}
