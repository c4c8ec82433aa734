import type { Test } from 'tap';

import { type ConfigSources, type LoadedConfig, loadConfig } from '../../lib/config/load.ts';
import { formatProblem } from '../../lib/config/problem.ts';

/** Loads texts as if they were the files c.yml, c2.yml … */
export function read(
  texts: string | string[],
  more: Partial<Pick<ConfigSources, 'env' | 'options'>> = {},
): Promise<LoadedConfig> {
  const list = Array.isArray(texts) ? texts : [texts];
  const files = new Map(list.map((text, k) => [k === 0 ? 'c.yml' : `c${k + 1}.yml`, text]));
  return loadConfig({
    files: [...files.keys()],
    readFile: async (name) => files.get(name)!,
    env: {},
    options: {},
    ...more,
  });
}

/** Everything that was found wrong, a line each. */
export function said({ errors, warnings }: LoadedConfig): string[] {
  return [
    ...errors.map((problem) => `error ${formatProblem(problem)}`),
    ...warnings.map((problem) => `warning ${formatProblem(problem)}`),
  ];
}

/** Asserts that the lines match the patterns one by one, and that there are no others. */
export function matchLines(t: Test, lines: readonly string[], patterns: readonly RegExp[], name = ''): void {
  t.equal(lines.length, patterns.length, `${name}: ${lines.length} lines: ${lines.join(' / ')}`);
  t.match(lines, patterns, name);
}
