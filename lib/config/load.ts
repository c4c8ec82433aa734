import type { Config, HandlerConfig, OperatorConfig } from '../config.ts';
import { systemReason } from '../errors.ts';
import { type ConfigFiles, readerOf, readFiles } from './config-files.ts';
import { refuseNoEndpoint, refuseSharedAddresses } from './endpoints.ts';
import { readEvents } from './event-handlers.ts';
import { withExtraEnv } from './expansion.ts';
import { Expressions } from './expressions.ts';
import { newHomes } from './homes.ts';
import { impliedHandlers, type OutputOptions } from './implied-handlers.ts';
import { at } from './node.ts';
import { type Problem, Problems } from './problem.ts';
import type { CliOptions, Reading } from './reading.ts';
import { sections, seedSetting } from './schema.ts';
import { group, readGroup } from './setting.ts';

export type { OutputOptions } from './implied-handlers.ts';
export type { CliOptions } from './reading.ts';

export interface ConfigSources extends ConfigFiles {
  readonly options: CliOptions & OutputOptions;
  /** Nothing of others' stands in the files: an unknown key is an error. */
  readonly closed?: boolean | undefined;
}

export interface LoadedConfig {
  /** Complete in any case: what was wrong has its default. Only without errors is it what the user meant. */
  readonly config: Config;
  /** Where a setting's value was written, by the setting's path; what is missing has its default. */
  readonly origins: ReadonlyMap<string, string>;
  /** By a URL: how it may be shown. */
  readonly shownUrls: ReadonlyMap<string, string>;
  /** What stood in each file. */
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly Problem[];
  readonly errors: readonly Problem[];
}

/**
 * Reads the configuration from all its sources: options before environment before files before defaults. Rejects with
 * CONFIG_UNREADABLE if a file cannot be read; everything else that is wrong is in the result.
 */
export async function loadConfig(from: ConfigSources): Promise<LoadedConfig> {
  const problems = new Problems(from.files);
  const expressions = new Expressions();
  const texts = new Map<string, string>();
  const root = await readFiles(from, problems, texts);
  const reading: Reading = {
    root,
    env: from.env,
    options: from.options,
    problems,
    origins: new Map(),
    shownUrls: new Map(),
    variables: withExtraEnv(root, (name) => from.env[name]),
    shownVariables: withExtraEnv(root, (name) => (from.env[name] === undefined ? undefined : `$(${name})`)),
    homesOf: newHomes(),
    closed: from.closed ?? false,
    expression: (node, path) => expressions.add(node, path),
  };
  const config = readConfig(reading, from.options);
  await expressions.check(problems);
  await checkWebConfigs(config, from, problems);
  const { origins, shownUrls } = reading;
  return {
    config,
    origins,
    shownUrls,
    texts,
    warnings: problems.of('warning'),
    errors: problems.of('error'),
  };
}

/** Web configurations are read again by whoever serves; here they are only checked. */
async function checkWebConfigs({ handlers }: Config, from: ConfigSources, problems: Problems): Promise<void> {
  for (const { webConfig, place } of handlers) {
    if (webConfig === undefined) continue;
    const { readWebConfig } = await import('./web-config-file.ts');
    try {
      await readWebConfig(webConfig, readerOf(from), problems);
    } catch (error) {
      const message = `cannot read the web configuration ${webConfig}: ${systemReason(error)}`;
      problems.error(
        { name: place },
        place,
        message,
        'correct its path, which is relative to the working directory',
      );
    }
  }
}

function readConfig(reading: Reading, options: CliOptions & OutputOptions): Config {
  const { root } = reading;
  const values = readGroup(group(sections, { shared: true, foreign: ['events'] }), root, '', reading);
  const { seed } = readGroup(group({ seed: seedSetting }), undefined, '', reading);
  const operator: OperatorConfig = {
    ...values.operator,
    // Who says where to serve wants it served.
    metrics: values.operator.metrics || options.metricsAddr !== undefined,
  };
  const events = at(root, ['events']);
  const configured = readEvents(events, operator, reading);
  // an entry that cannot be used is never replaced by standard output
  const hasEntries =
    events?.kind === 'map' && [...events.entries.values()].some(({ value }) => value.kind === 'map');
  const written = { configured, hasEntries, operator, kafka: values.kafka };
  const handlers = [...configured, ...impliedHandlers(written, options, reading)];
  refuseNoEndpoint(handlers, reading);
  refuseSharedAddresses(handlers, reading);
  return {
    metrics: values.metrics,
    input: values.input,
    operator,
    kafka: values.kafka,
    handlers: handlers.map((handler) => withShownUrl(handler, reading)),
    seed,
  };
}

function withShownUrl(handler: HandlerConfig, { shownUrls }: Reading): HandlerConfig {
  return handler.url === undefined ? handler : { ...handler, shownUrl: shownUrls.get(handler.url) };
}
