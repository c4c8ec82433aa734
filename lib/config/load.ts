import { createReadStream } from 'node:fs';
import type { Config, HandlerConfig, OperatorConfig, SubscriptionConfig } from '../config.ts';
import { MirrormonError, systemReason } from '../errors.ts';
import { handlerSpecs } from '../handlers/handler-specs.ts';
import { textOfUtf16, utf16Of } from '../text/utf16.ts';
import { defaultOnError, readEvents } from './event-handlers.ts';
import { handlerGroup } from './event-schema.ts';
import { expandConfig, withExtraEnv } from './expansion.ts';
import { Expressions } from './expressions.ts';
import { newHomes } from './homes.ts';
import { at, type ConfigNode, merge, type ScalarNode, textNode } from './node.ts';
import { type Problem, Problems } from './problem.ts';
import type { CliOptions, Reading } from './reading.ts';
import { oneOf } from './scalars.ts';
import { sections, seedSetting } from './schema.ts';
import { group, readGroup } from './setting.ts';
import { readYaml } from './yaml.ts';

export type { CliOptions } from './reading.ts';

/** Options that only shape standard output. */
export interface OutputOptions {
  /** -o: table, json, logs or none. */
  readonly output?: string | undefined;
  /** --fluentd: of -o logs alone. */
  readonly fluentd?: boolean | undefined;
  readonly stdoutIsTerminal?: boolean | undefined;
  /** --report: the file. */
  readonly report?: string | undefined;
}

export interface ConfigSources {
  /** Merged left to right. */
  readonly files: readonly string[];
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: CliOptions & OutputOptions;
  /** Texts are what they are: `${NAME}` in them is no variable. */
  readonly literal?: boolean | undefined;
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

function readerOf({ readFile }: ConfigSources): (path: string) => Promise<string> {
  return readFile ?? readBounded;
}

/** Nobody writes so long a configuration; a device that never ends is named by mistake. MiB. */
const MOST_MIB = 16;

async function readBounded(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of createReadStream(path)) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_MIB << 20) throw new Error(`it is longer than ${MOST_MIB} MiB, so it is none`);
  }
  const bytes = Buffer.concat(pieces);
  const order = utf16Of(bytes);
  return order === undefined ? bytes.toString() : textOfUtf16(bytes, order);
}

/** @param texts takes what stood in each file */
async function readFiles(
  from: ConfigSources,
  problems: Problems,
  texts: Map<string, string>,
): Promise<ConfigNode | undefined> {
  const readFile = readerOf(from);
  let root: ConfigNode | undefined;
  for (const file of from.files) {
    let text: string;
    try {
      text = await readFile(file);
    } catch (error) {
      throw new MirrormonError(
        'CONFIG_UNREADABLE',
        `cannot read this configuration: ${systemReason(error)}`,
        {
          where: file,
          cause: error,
        },
      );
    }
    texts.set(file, text);
    const node = await readYaml(text, file, problems);
    if (node === undefined) continue;
    if (node.kind !== 'map') {
      problems.error(
        node.origin,
        '',
        'a configuration is a map of sections',
        'begin with metrics:, operator: or events:',
      );
      continue;
    }
    const expanded = from.literal
      ? node
      : expandConfig(node, from.env, (name, at) => warnOfMissing(name, at, problems));
    root = root === undefined ? expanded : merge(root, expanded);
  }
  return root;
}

function warnOfMissing(name: string, node: ScalarNode, problems: Problems): void {
  const message = `the variable ${name} is not set and stands for nothing here, as for OpenZiti's controller`;
  problems.warning(
    node.origin,
    name,
    message,
    `set ${name}, or write the text out; a $ before no name stands for itself`,
  );
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
  // what a shared run reports goes to its topic
  const isShared = values.kafka.role !== undefined;
  const stdout = stdoutHandler(options, configured, hasEntries || isShared, operator, reading);
  return {
    metrics: values.metrics,
    input: values.input,
    operator,
    kafka: values.kafka,
    handlers: [
      ...configured,
      ...shorthands(operator, configured),
      ...(isShared ? [reportsOf(values.kafka, configured)] : []),
      ...stdout,
      ...reportHandler(options, configured),
    ].map((handler) => withShownUrl(handler, reading)),
    seed,
  };
}

function withShownUrl(handler: HandlerConfig, { shownUrls }: Reading): HandlerConfig {
  return handler.url === undefined ? handler : { ...handler, shownUrl: shownUrls.get(handler.url) };
}

/** What handlers have that nobody wrote down. */
const common = {
  format: 'json',
  maxsizemb: handlerGroup.fields.maxsizemb.default,
  maxbackups: handlerGroup.fields.maxbackups.default,
  bufferSize: handlerGroup.fields.bufferSize.default,
  retryFor: handlerGroup.fields.retryFor.default,
} as const;

const spool = { path: undefined, maxsizemb: handlerGroup.fields.spool.fields.maxsizemb.default };

/** The ledger and the metrics tell handlers apart by name, and an entry of `events` may have any. */
function unused(name: string, configured: readonly HandlerConfig[]): string {
  let free = name;
  while (configured.some((handler) => handler.name === free)) free += "'";
  return free;
}

/** The topic that all reports of a shared run go to. */
function reportsOf(
  { group }: { readonly group: string },
  configured: readonly HandlerConfig[],
): HandlerConfig {
  return {
    ...common,
    name: unused('kafka.role', configured),
    type: 'kafka',
    topic: `${group}-reports`,
    key: 'series',
    compression: 'lz4',
    onError: 'wait',
    spool,
    subscriptions: [{ type: 'metrics', place: 'kafka.role' }],
    place: 'kafka.role',
  };
}

/** What `operator.metrics` and the URLs stand for. */
function shorthands(operator: OperatorConfig, configured: readonly HandlerConfig[]): HandlerConfig[] {
  const handlers: HandlerConfig[] = [];
  if (operator.metrics) {
    handlers.push({
      ...common,
      name: unused('operator.metrics', configured),
      type: 'prometheus',
      onError: defaultOnError(handlerSpecs.prometheus),
      address: operator.metricsAddr,
      fallbackAddress: operator.metricsFallbackAddr,
      webConfig: operator.metricsWebConfig,
      subscriptions: [{ type: 'metrics', place: 'operator.metrics' }],
      place: 'operator.metrics',
    });
  }
  const exportTo = (
    place: string,
    url: string | undefined,
    subscription: Omit<SubscriptionConfig, 'place'>,
  ) => {
    if (url === undefined) return;
    const name = unused(place, configured);
    handlers.push({
      ...common,
      name,
      type: 'otlp',
      url,
      onError: defaultOnError(handlerSpecs.otlp),
      spool,
      subscriptions: [{ ...subscription, place }],
      place,
    });
  };
  exportTo('operator.otelLogExportUrl', operator.otelLogExportUrl, {
    type: 'logs',
    level: operator.otelLogLevel,
  });
  exportTo('operator.otelTraceExportUrl', operator.otelTraceExportUrl, { type: 'spans' });
  return handlers;
}

/** `--report`: beside whatever else is written. */
function reportHandler({ report }: OutputOptions, configured: readonly HandlerConfig[]): HandlerConfig[] {
  if (report === undefined) return [];
  const place = '--report';
  return [
    {
      ...common,
      name: unused('report', configured),
      type: 'report',
      path: report,
      onError: defaultOnError(handlerSpecs.report),
      subscriptions: [{ type: 'metrics', place }],
      place,
    },
  ];
}

const outputs = oneOf('summary', 'table', 'json', 'logs', 'none');

/** Standard output has a handler if it was asked for, or if nobody has written down another, usable or not. */
function stdoutHandler(
  { output, fluentd, stdoutIsTerminal }: OutputOptions,
  configured: readonly HandlerConfig[],
  hasEntries: boolean,
  operator: OperatorConfig,
  reading: Reading,
): HandlerConfig[] {
  if (output === undefined && hasEntries) return [];
  const asked = output === undefined ? undefined : outputs.read(textNode('-o', output), 'its value', reading);
  const format = asked ?? (stdoutIsTerminal ? 'summary' : 'json');
  if (format === 'none') return [];
  const subscription = format === 'logs' ? { type: 'logs', level: operator.logLevel } : { type: 'metrics' };
  // the summary reads what is kept of all records
  const subscriptions = format === 'summary' ? [] : [{ ...subscription, place: '-o' }];
  return [
    {
      ...common,
      name: unused('stdout', configured),
      type: 'stdout',
      format,
      fluentd,
      onError: defaultOnError(handlerSpecs.stdout),
      subscriptions,
      place: '-o',
    },
  ];
}
