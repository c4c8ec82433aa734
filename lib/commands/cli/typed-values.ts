import { MirrormonError } from '../../errors.ts';
import type { FramingName } from '../../framings/index.ts';
import type { RunOptions, WorkloadAsked } from '../invocation.ts';
import type { Values } from './spec.ts';

/** The workload to follow, and how kubectl is to be asked for it. */
export function workloadOf(workload: string, values: Values): WorkloadAsked {
  const { namespace, context, container, tail } = values as Readonly<Record<string, unknown>>;
  const kubectlOptions: string[] = [];
  if (namespace !== undefined) kubectlOptions.push(`--namespace=${namespace}`);
  if (context !== undefined) kubectlOptions.push(`--context=${context}`);
  // kubectl would take it for an option of its own
  if (workload.startsWith('-')) throw new MirrormonError('USAGE', `'${workload}' is no workload`);
  return {
    workload,
    kubectlOptions,
    containers: (container as string[] | undefined) ?? [],
    tail: tail as number | undefined,
  };
}

/** The options of a command that reads, as its parts want them. */
export function readOptionsOf(values: Values): Values & { readonly config: readonly string[] } {
  return { ...values, config: (values.config as string[] | undefined) ?? [] };
}

/** The options of a run, as its parts want them. */
export function runOptionsOf(values: Values): RunOptions {
  const texts = values as Readonly<Record<string, string | undefined>>;
  if (values.fluentd === true && values.output !== 'logs') {
    throw new MirrormonError('USAGE', '--fluentd says how log records are written, and none are', {
      hint: 'add -o logs',
    });
  }
  return {
    ...(values as Partial<RunOptions>),
    config: (values.config as string[] | undefined) ?? [],
    inputFormat: values.inputFormat as FramingName,
    settings: {
      output: texts.output,
      report: texts.report,
      fluentd: values.fluentd as boolean | undefined,
      reportInterval: texts.reportInterval,
      sourceId: texts.sourceId,
      metricsAddr: texts.metricsAddr,
      metricsWebConfig: texts.metricsWebConfig,
      otelLogUrl: texts.otelLogUrl,
      otelTraceUrl: texts.otelTraceUrl,
      seed: values.seed as number | undefined,
    },
  };
}
