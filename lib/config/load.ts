import { readFile as readFromDisk } from 'node:fs/promises';
import type { Config, HandlerConfig, OperatorConfig } from '../config.ts';
import { MirrormonError, systemReason } from '../errors.ts';
import { readEvents } from './events.ts';
import { Expressions } from './expressions.ts';
import { type ConfigNode, merge, textNode } from './node.ts';
import { type Problem, Problems } from './problem.ts';
import { handlerGroup, sections, seedSetting } from './schema.ts';
import { at, type CliOptions, group, readGroup, type Sources, type Values } from './setting.ts';
import { oneOf } from './value.ts';
import { readYaml } from './yaml.ts';

export type { CliOptions } from './setting.ts';

/** Options that only shape standard output. */
export interface OutputOptions {
  /** -o: table, json, logs or none. */
  readonly output?: string | undefined;
  readonly stdoutIsTerminal?: boolean | undefined;
}

export interface ConfigSources {
  /** Merged left to right. */
  readonly files: readonly string[];
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: CliOptions & OutputOptions;
}

export interface LoadedConfig {
  /** Complete in any case: what was wrong has its default. Only without errors is it what the user meant. */
  readonly config: Config;
  readonly warnings: readonly Problem[];
  readonly errors: readonly Problem[];
}

/**
 * Reads the configuration from all its sources: options before environment before files before defaults. Rejects with
 * CONFIG_UNREADABLE if a file cannot be read; everything else that is wrong is in the result.
 */
export async function loadConfig(from: ConfigSources): Promise<LoadedConfig> {
  const problems = new Problems();
  const expressions = new Expressions();
  const root = await readFiles(from, problems);
  const sources: Sources = {
    root,
    env: from.env,
    options: from.options,
    problems,
    expression: (node, path) => expressions.add(node, path),
  };
  const config = readConfig(sources, from.options);
  await expressions.check(problems);
  return { config, warnings: problems.of('warning'), errors: problems.of('error') };
}

async function readFiles(from: ConfigSources, problems: Problems): Promise<ConfigNode | undefined> {
  const readFile = from.readFile ?? ((path: string) => readFromDisk(path, 'utf8'));
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
    root = root === undefined ? node : merge(root, node);
  }
  return root;
}

/** `events` is read by a function of its own, and whatever else stands at the top belongs to other programs. */
const root = group({ ...sections, events: group({}) }, { shared: true });

function readConfig(sources: Sources, options: CliOptions & OutputOptions): Config {
  const { events, ...alone } = root.fields;
  void events;
  const values = readGroup(group(alone, { shared: true }), sources.root, '', sources);
  const { seed } = readGroup(group({ seed: seedSetting }), undefined, '', sources);
  const operator: OperatorConfig = {
    ...values.operator,
    // Who says where to serve wants it served.
    metrics: values.operator.metrics || options.metricsAddr !== undefined,
  };
  warnOfTraces(operator, sources);
  const configured = readEvents(at(sources.root, ['events']), operator, sources);
  const stdout = stdoutHandler(options, configured, operator, sources);
  return {
    metrics: values.metrics,
    input: values.input,
    operator,
    handlers: [...configured, ...shorthands(operator), ...stdout],
    seed,
  };
}

function warnOfTraces(operator: OperatorConfig, { root, env, problems }: Sources): void {
  if (operator.otelTraceExportUrl === undefined) return;
  const path = ['operator', 'otelTraceExportUrl'];
  const node = env['OTLP_TRACES_URL'] ? textNode('OTLP_TRACES_URL', env['OTLP_TRACES_URL']) : at(root, path);
  if (node === undefined) return;
  const message = 'traces are not exported yet, so this URL has no effect';
  problems.warning(node.origin, path.join('.'), message);
}

const defaults: Values<(typeof handlerGroup)['fields']> = Object.fromEntries(
  Object.entries(handlerGroup.fields).map(([key, setting]) => [key, setting.default]),
) as Values<(typeof handlerGroup)['fields']>;

const common = {
  format: 'json',
  maxsizemb: defaults.maxsizemb,
  maxbackups: defaults.maxbackups,
  bufferSize: defaults.bufferSize,
  onError: defaults.onError,
  retryFor: defaults.retryFor,
} as const;

/** What `operator.metrics` and the URL stand for. */
function shorthands(operator: OperatorConfig): HandlerConfig[] {
  const handlers: HandlerConfig[] = [];
  if (operator.metrics) {
    handlers.push({
      ...common,
      name: 'operator.metrics',
      type: 'prometheus',
      address: operator.metricsAddr,
      fallbackAddress: operator.metricsFallbackAddr,
      subscriptions: [],
      place: 'operator.metrics',
    });
  }
  if (operator.otelLogExportUrl !== undefined) {
    const place = 'operator.otelLogExportUrl';
    handlers.push({
      ...common,
      name: place,
      type: 'otlp',
      url: operator.otelLogExportUrl,
      subscriptions: [{ type: 'logs', level: operator.otelLogLevel, place }],
      place,
    });
  }
  return handlers;
}

const outputs = oneOf('table', 'json', 'logs', 'none');

/** Standard output has a handler if it was asked for, or if nobody configured another. */
function stdoutHandler(
  { output, stdoutIsTerminal }: OutputOptions,
  configured: readonly HandlerConfig[],
  operator: OperatorConfig,
  sources: Sources,
): HandlerConfig[] {
  if (output === undefined && configured.length > 0) return [];
  const asked = output === undefined ? undefined : outputs.read(textNode('-o', output), 'its value', sources);
  const format = asked ?? (stdoutIsTerminal ? 'table' : 'json');
  if (format === 'none') return [];
  const name = configured.some((handler) => handler.name === 'stdout') ? '-o' : 'stdout';
  const subscription = format === 'logs' ? { type: 'logs', level: operator.logLevel } : { type: 'metrics' };
  return [
    {
      ...common,
      name,
      type: 'stdout',
      format,
      subscriptions: [{ ...subscription, place: '-o' }],
      place: '-o',
    },
  ];
}
