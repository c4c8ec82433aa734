// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they must not be there
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a variable of a configuration
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { groupsByPrefix } from '../../lib/config/homes.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { printConfig } from '../../lib/config/print.ts';
import { formatProblem, Problems } from '../../lib/config/problem.ts';
import { readWebConfig } from '../../lib/config/web-config-file.ts';
import { LevelSyntaxError, parseLevels, parseLevelsLossy } from '../../lib/tracing/levels.ts';
import { fixture } from '../helpers/root.ts';

/**
 * Fuzzers of what users write: configurations, RUST_LOG, web configurations. Whatever it is, it is read, or refused with
 * a reason. A second each in a test run; MIRRORMON_FUZZ_SECONDS=600 for ten minutes by hand. A text that broke it is
 * added to fixtures/config/fuzz.json, and tried first from then on.
 */
const seconds = Number(process.env.MIRRORMON_FUZZ_SECONDS ?? 1);
t.setTimeout((4 * seconds + 240) * 1000);
const budget = {
  numRuns: 10_000_000,
  interruptAfterTimeLimit: seconds * 1000,
  markInterruptAsFailure: false,
};
/** Milliseconds of a processor, on one that others load too. */
const MOST_MS = 3000;

const found = fixture('config', 'fuzz.json');
const crashes: Readonly<Record<string, readonly string[]>> = existsSync(found)
  ? JSON.parse(readFileSync(found, 'utf8'))
  : {};

const keys = [
  'metrics',
  'operator',
  'events',
  'input',
  'network',
  'subscriptions',
  'handler',
  '<<',
  '__proto__',
  'extraEnv',
  'tls_server_config',
  'http_server_config',
  'basic_auth_users',
  'headers',
  'cert_file',
  'cipher_suites',
  ...groupsByPrefix.flatMap(([, { fields }]) => Object.keys(fields)),
];
const values = [
  '20s',
  '-1',
  '1e999',
  '0x10',
  '.inf',
  '.nan',
  'null',
  '~',
  'true',
  'yes',
  '""',
  "'a",
  '"\\x',
  '&a',
  '*a',
  '!!set',
  '!x',
  '|',
  '>',
  '{',
  '}',
  '[',
  ']',
  '[]',
  '{}',
  '- ',
  ', ',
  ': ',
  '? ',
  '# ',
  '---',
  '...',
  '\t',
  '%YAML 1.3',
  '${A',
  '$A',
  '$(A)',
  'http://u:p@h',
  'metrics',
  'logs',
  'file',
  'json',
  '.*',
  '(',
  '(?<a>',
  '\\p{Zz}',
  'mirrord=info,[a{b=c}]',
  '\ud800',
  '\0',
  'é\u202e',
  '$2b$10$',
  'TLS13',
  'x'.repeat(300),
];
const token = fc.oneof(
  fc.constantFrom(...keys).map((key) => `${key}: `),
  fc.constantFrom(...values),
  fc.constantFrom('\n', '\n  ', '\n    ', '\n      ', '\n  - ', '\r\n', ' '),
  fc.string({ maxLength: 6 }),
);
const soup = fc.array(token, { maxLength: 40 }).map((parts) => parts.join(''));

/** Configurations that are right, or nearly, with pieces cut, doubled or replaced. */
const seeds = ['complete.yml', 'controller.yml', 'helm-values.yaml', 'router.yml']
  .map((name) => readFileSync(fixture('config', name), 'utf8'))
  .concat(
    readdirSync(fixture('config', 'wrong'))
      .filter((name) => name.endsWith('.yml'))
      .map((name) => readFileSync(fixture('config', 'wrong', name), 'utf8')),
  );
const mutated = fc
  .record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(
      fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(30), put: token }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
  })
  .map(({ seed, edits }) =>
    edits.reduce((text, { at, cut, put }) => {
      const from = Math.floor(at * text.length);
      return text.slice(0, from) + put + text.slice(from + cut);
    }, seed),
  );

/** Whether reading comes to an end soon, with problems that say something. */
async function isFine(read: () => Promise<readonly string[]>): Promise<boolean> {
  const started = process.cpuUsage().user;
  const said = await read();
  const isQuick = (process.cpuUsage().user - started) / 1000 < MOST_MS;
  return isQuick && said.every((line) => !/undefined|\[object|\x1b|\0/.test(line));
}

async function configuration(text: string): Promise<readonly string[]> {
  const loaded = await loadConfig({
    files: ['c.yml'],
    readFile: async () => text,
    env: { A: 'b', RUST_LOG: text },
    options: { reportInterval: text.slice(0, 9), metricsAddr: text.slice(0, 20) },
  });
  if (loaded.errors.length === 0) await printConfig(loaded);
  return [...loaded.errors, ...loaded.warnings].map(formatProblem);
}

async function webConfiguration(text: string): Promise<readonly string[]> {
  const problems = new Problems(['web.yml']);
  const web = await readWebConfig(
    'web.yml',
    async (path) => (path === 'web.yml' ? text : 'no PEM'),
    problems,
  );
  const errors = problems.of('error');
  if (web === undefined && errors.length === 0) return ['undefined: refused without a reason'];
  return problems.all.map(formatProblem);
}

async function levelDirectives(text: string): Promise<readonly string[]> {
  const said: string[] = [];
  const lossy = parseLevelsLossy(text, (message) => said.push(message));
  lossy.enabled(3, text, [{ name: text, fields: { a: text } }], () => true);
  try {
    parseLevels(text).enabled(1, 'mirrord');
  } catch (error) {
    // a level is refused with its column, and with nothing else
    if (!(error instanceof LevelSyntaxError) || error.column < 1) throw error;
  }
  return said.map((line) => line.replace(/[\x00-\x1f]/g, '').replaceAll('undefined', ''));
}

const directive = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'mirrord',
        'info',
        'trace',
        '=',
        ',',
        '[',
        ']',
        '{',
        '}',
        '::',
        ' ',
        '"',
        '.*',
        '(',
        'a',
        '1',
        '-',
        '\u{1f600}',
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 16 },
  )
  .map((parts) => parts.join(''));

for (const [name, texts, read] of [
  ['configuration', fc.oneof(soup, mutated), configuration],
  ['web configuration', soup, webConfiguration],
  ['RUST_LOG', directive, levelDirectives],
] as const) {
  t.test(
    `${name}: whatever is written is read, or refused with a reason`,
    { timeout: (seconds + 60) * 1000 },
    async (t) => {
      for (const text of crashes[name] ?? []) t.ok(await isFine(() => read(text)), JSON.stringify(text));
      let runs = 0;
      const property = fc.asyncProperty(texts, (text) => {
        runs++;
        return isFine(() => read(text));
      });
      await t.resolves(fc.assert(property, budget));
      t.comment(`${runs} texts`);
      t.ok(runs > 10);
    },
  );
}
