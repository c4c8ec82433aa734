import type { ConfigNode, ScalarNode } from './node.ts';
import type { Problems } from './problem.ts';

/** What a command line gives; the texts of the options, not yet read. */
export interface CliOptions {
  readonly reportInterval?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly metricsAddr?: string | undefined;
  readonly otelLogUrl?: string | undefined;
  readonly otelTraceUrl?: string | undefined;
  readonly seed?: string | number | undefined;
}

/** What reading a configuration needs and collects. */
export interface Reading {
  readonly problems: Problems;
  /** All files, merged. */
  readonly root: ConfigNode | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: CliOptions;
  /** Registers an expression to be compiled once everything is read. */
  expression(node: ScalarNode, path: string): void;
}
