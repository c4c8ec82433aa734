import { shownUrl } from '../text/secrets.ts';
import { type LevelFilter, LevelSyntaxError, parseLevels, parseLevelsLossy } from '../tracing/levels.ts';
import { expandKubernetes } from './expansion.ts';
import type { ConfigNode, ScalarNode } from './node.ts';
import type { Reading } from './reading.ts';
import { text } from './scalars.ts';
import { asMap, hintFor, unfit, type ValueKind } from './value-kind.ts';

/**
 * What a log record needs to be written, in the grammar of RUST_LOG. From the environment it is read as the Operator
 * reads it, leniently; elsewhere strictly. Gives the text of the directives that count.
 */
export const levels: ValueKind<string> = {
  label: 'levels',
  schema: { type: 'string' },
  emptyIsValue: true,
  read(node, path, reading) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      return unfit(node, path, 'levels, such as info or mirrord=debug,warn', reading);
    }
    warnOfTargets(node, path, reading);
    if ('name' in node.origin && !node.origin.name.startsWith('-')) {
      const { origin } = node;
      return parseLevelsLossy(node.text, (message) => reading.problems.warning(origin, path, message)).text;
    }
    return strictLevels(node, node.value, path, reading)?.text;
  },
};

/** Words that people take for levels; EnvFilter takes them for modules, and then nearly nothing passes. */
const mistakenLevels: ReadonlyMap<string, string> = new Map([
  ['warning', 'warn'],
  ['err', 'error'],
  ['critical', 'error'],
  ['fatal', 'error'],
  ['verbose', 'debug'],
  ['all', 'trace'],
  ['none', 'off'],
]);

function warnOfTargets(node: ScalarNode, path: string, { problems }: Reading): void {
  for (const word of node.text.split(',').map((part) => part.trim().toLowerCase())) {
    const meant = mistakenLevels.get(word);
    if (meant === undefined) continue;
    const message = `${path} names ${word}, which is no level: it selects modules whose name begins so`;
    problems.warning(node.origin, path, message, `write ${meant} for the level`);
  }
}

function strictLevels(
  node: ConfigNode,
  text: string,
  path: string,
  reading: Reading,
): LevelFilter | undefined {
  try {
    return parseLevels(text);
  } catch (error) {
    if (!(error instanceof LevelSyntaxError)) throw error;
    reading.problems.error(
      node.origin,
      path,
      `${path}, character ${error.column}: ${error.message}`,
      hintFor(node) ?? error.hint,
    );
    return undefined;
  }
}

/**
 * An http or https URL; `$(NAME)` is replaced from the environment, then from the file's own `operator.extraEnv`, as
 * Kubernetes does. What the environment holds is not shown later.
 */
export const url: ValueKind<string> = {
  label: 'URL',
  schema: { type: 'string', minLength: 1 },
  read(node, path, reading) {
    const expected = 'an http or https URL, such as http://collector:4318/v1/logs';
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return unfit(node, path, expected, reading);
    const { variables, shownVariables, shownUrls } = reading;
    const missing: string[] = [];
    const full = expandKubernetes(node.value, (name) => {
      const value = variables(name);
      if (value === undefined) missing.push(name);
      return value;
    });
    if (missing.length > 0) {
      const [first] = missing;
      const message = `${path} refers to $(${first}), but neither the environment nor operator.extraEnv has a value for ${first}`;
      reading.problems.error(node.origin, path, message, `set ${first}, or write the URL out`);
      return undefined;
    }
    const shown = shownUrl(expandKubernetes(node.written ?? node.value, shownVariables));
    if (!isHttpUrl(full)) {
      return unfit({ ...node, text: shown, written: shown }, path, expected, reading);
    }
    shownUrls.set(full, shown);
    return full;
  },
};

function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/]/i.test(text) || /\s/.test(text)) return false;
  return URL.canParse(text);
}

/** An RE2 expression, compiled once everything is read. */
export const expression: ValueKind<string> = {
  label: 'RE2 expression',
  schema: { type: 'string' },
  read(node, path, reading) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      const hint =
        node.kind === 'scalar' && node.value !== null ? `put it in quotes: "${node.text}"` : undefined;
      return unfit(node, path, 'text, a regular expression', reading, hint);
    }
    reading.expression(node, path);
    return node.value;
  },
};

/** An expression for each field that is named. */
export const expressionsByField: ValueKind<Readonly<Record<string, string>>> = {
  label: 'map of field to RE2 expression',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  read(node, path, reading) {
    const map = asMap(node, path, reading);
    if (map === undefined) return undefined;
    const entries: [string, string][] = [];
    for (const [field, { value }] of map.entries) {
      const read = expression.read(value, `${path}.${field}`, reading);
      if (read !== undefined) entries.push([field, read]);
    }
    // Unlike an assignment, this makes even __proto__ an ordinary key.
    return Object.fromEntries(entries);
  },
};

/** Version 2 or 3; OpenZiti takes it as a number and as text. */
export const version: ValueKind<2 | 3> = {
  label: '2, 3',
  schema: { enum: [2, 3, '2', '3'] },
  read(node, path, reading) {
    const written = node.kind === 'scalar' ? String(node.value) : '';
    if (written === '2') return 2;
    if (written === '3') return 3;
    return unfit(node, path, '2 or 3', reading);
  },
};

/** true or false, as a boolean or, as OpenZiti also takes it, as text. */
export const flag: ValueKind<boolean> = {
  label: 'true or false',
  schema: { enum: [true, false, 'true', 'false'] },
  read(node, path, reading) {
    const written = node.kind === 'scalar' ? String(node.value).toLowerCase() : '';
    if (written === 'true' || written === 'false') return written === 'true';
    return unfit(node, path, 'true or false', reading);
  },
};

/** One word, or a list of them. */
export const textList: ValueKind<readonly string[], string | readonly string[]> = {
  label: 'text or list of texts',
  schema: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  read(node, path, reading) {
    const items = node.kind === 'list' ? node.items : [node];
    const texts = items.map((item, k) => text.read(item, items.length > 1 ? `${path}[${k}]` : path, reading));
    return texts.includes(undefined) ? undefined : (texts as string[]);
  },
};
