import type { HandlerConfig, OperatorConfig, SubscriptionConfig } from '../config.ts';
import { handlerSpecs } from '../handlers/handler-specs.ts';
import { defaultOnError } from './event-handlers.ts';
import { handlerGroup } from './event-schema.ts';
import { textNode } from './node.ts';
import type { Reading } from './reading.ts';
import { oneOf } from './scalars.ts';

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

/** What stands in the files, as far as it says who else writes. */
interface Written {
  readonly configured: readonly HandlerConfig[];
  /** Whether `events` has entries at all, usable or not. */
  readonly hasEntries: boolean;
  readonly operator: OperatorConfig;
  readonly kafka: { readonly group: string; readonly role: unknown };
}

/** The handlers that no entry of `events` names: what the operator's settings, a shared run and options stand for. */
export function impliedHandlers(written: Written, options: OutputOptions, reading: Reading): HandlerConfig[] {
  const { configured, operator, kafka } = written;
  return [
    ...shorthands(operator, configured),
    ...(kafka.role === undefined ? [] : [reportsOf(kafka, configured)]),
    ...stdoutHandler(options, written, reading),
    ...reportHandler(options, configured),
  ];
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
  { configured, hasEntries, operator, kafka }: Written,
  reading: Reading,
): HandlerConfig[] {
  // what a shared run reports goes to its topic
  if (output === undefined && (hasEntries || kafka.role !== undefined)) return [];
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
