import type { Lookup } from './expansion.ts';
import type { ConfigNode, ScalarNode } from './node.ts';
import type { Problems } from './problem.ts';

/** What a command line gives; the texts of the options, not yet read. */
export interface CliOptions {
  readonly reportInterval?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly metricsAddr?: string | undefined;
  readonly metricsWebConfig?: string | undefined;
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
  /** Where a setting's value was written, by the setting's path; what is missing has its default. */
  readonly origins: Map<string, string>;
  /** By a URL that variables went into: how it may be shown. */
  readonly shownUrls: Map<string, string>;
  /** What `$(NAME)` stands for, and how it may be shown: what the environment holds, as it was written. */
  readonly variables: Lookup;
  readonly shownVariables: Lookup;
  /**
   * Paths of the settings of that name; `distinctive` for a map that belongs to others, too: only those whose name could
   * hardly be another's.
   */
  homesOf(key: string, distinctive: boolean): readonly string[];
  /** Nothing of others' may stand in the files, so an unknown key is an error. */
  readonly closed: boolean;
  /** Registers an expression to be compiled once everything is read. */
  expression(node: ScalarNode, path: string): void;
}
