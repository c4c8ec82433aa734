import { clientMetrics, type Program } from '../workloads.ts';
import { type Client, clientFigures } from './tool.ts';

/** A tool that reads JSON lines from a file or its standard input, and writes to its standard output. */
export interface Reader {
  readonly name: string;
  readonly version: string;
  /** Its arguments for W1; the log follows them, or comes through its standard input. */
  readonly aggregate: readonly string[];
  /** Its arguments for W2. */
  readonly filter: readonly string[];
  /** What it wrote for W1. */
  clients(text: string): Client[];
}

/** All workloads but OpenZiti's, which takes more than one output. */
export function readerProgram({ name, version, aggregate, filter, clients }: Reader): Program {
  return {
    name,
    version,
    sums: 'all',
    metrics: clientMetrics,
    figures: (text) => clientFigures(clients(text)),
    note: 'keeps no buckets',
    command(workload, log, output) {
      switch (workload) {
        case 'W1':
          return { argv: [name, ...aggregate, log], stdout: output };
        case 'W2':
          return { argv: [name, ...filter, log], stdout: output };
        case 'W3':
          return { argv: [name, ...aggregate], from: ['gzip', '-dc', log], stdout: output };
        case 'W4':
          return undefined;
        case 'W5':
          return { argv: [name, ...aggregate], from: ['cat', log], stdout: output };
      }
    },
  };
}
