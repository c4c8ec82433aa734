import type { ConfigSources } from '../config/load.ts';
import type { FramingName } from '../framings/index.ts';
import type { Io } from './io.ts';
import type { KafkaReading } from './kafka-reading.ts';
import type { Messages } from './standard-error.ts';

/** A workload of Kubernetes, as kubectl calls it. */
export interface WorkloadAsked {
  readonly workload: string;
  /** Options that are kubectl's own: its namespace and its context. */
  readonly kubectlOptions: readonly string[];
  /** None: all. */
  readonly containers: readonly string[];
  /** Of what is there already, so many lines of each log. */
  readonly tail: number | undefined;
  /** Milliseconds since the epoch: what was written from then on. */
  readonly since?: number | undefined;
}

export interface RunOptions {
  readonly config: readonly string[];
  readonly settings: ConfigSources['options'];
  readonly inputFormat?: FramingName | undefined;
  readonly records?: string | undefined;
  /** Files are read on as they grow. */
  readonly follow?: boolean | undefined;
  /** Logs that kubectl reads. */
  readonly workload?: WorkloadAsked | undefined;
  /** URLs of Prometheus endpoints. */
  readonly scrape?: readonly string[] | undefined;
  readonly deadLetters?: string | undefined;
  readonly ledger?: string | undefined;
  /** File from which the same command goes on after it was interrupted. */
  readonly state?: string | undefined;
  /** File for what was measured, to be merged. */
  readonly partial?: string | undefined;
  /** Outputs may overwrite files that are not ours. */
  readonly force?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly progress?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** Threads that parse; where said, for inputs of any size. */
  readonly workers?: number | undefined;
  readonly color?: boolean | undefined;
  /** In which order the summary or the table tells rows, and how many. */
  readonly sort?: string | undefined;
  readonly top?: number | undefined;
  /** Records of this time alone, as they were written: see text/moment.ts. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** FIELD=RE2 and the like. */
  readonly where?: readonly string[] | undefined;
}

/** What a run was asked for, and by whom. */
export interface Invocation {
  /** Of none, standard input is read, unless Kafka is. */
  readonly files: readonly string[];
  readonly kafka?: KafkaReading | undefined;
  readonly options: RunOptions;
  readonly io: Io;
  readonly messages: Messages;
}
