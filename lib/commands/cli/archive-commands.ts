import { tellDefaultOutput } from './default-output.ts';
import { mergeOptions } from './run-options.ts';
import { forceOption, formatOption, inputOptions, lookOptions } from './shared-options.ts';
import type { CommandSpec } from './spec.ts';
import { readOptionsOf } from './typed-values.ts';

export const mergeCommand: CommandSpec = {
  name: 'merge',
  args: '<partial...>',
  argsHelp: 'files that --partial wrote, of one configuration and of different inputs',
  help: 'add up what several runs have measured: the output of one run over all their inputs',
  options: mergeOptions,
  examples: [
    'mirrormon monday.log.gz -o none --partial monday.partial',
    'mirrormon merge *.partial --expect 7 -o json > week.ndjson',
  ],
  async run(files, values, io) {
    const { merge } = await import('../states/merge-command.ts');
    return merge(files, readOptionsOf(values) as Parameters<typeof merge>[1], io);
  },
};

export const stateCommand: CommandSpec = {
  name: 'state',
  args: '<file>',
  argsHelp: 'a file that --partial or --state wrote',
  help: 'what is in a state: of which inputs and configuration it is, and what was measured',
  options: [{ ...formatOption, choices: ['table', 'json'] }],
  examples: ['mirrormon state monday.partial', 'mirrormon state monday.partial --format json'],
  async run([file], values, io) {
    const { state } = await import('../states/state-command.ts');
    return state(file!, values as unknown as Parameters<typeof state>[1], io.stdout);
  },
};

/** Where samples go for which nobody named a file. */
const SAMPLES = 'backfill.om';

export const backfillCommand: CommandSpec = {
  name: 'backfill',
  args: '[file...]',
  argsHelp: 'archives to read, in the order of their times',
  help: 'write what the metrics were at every step as OpenMetrics with timestamps, for blocks of a Prometheus',
  options: [
    ...inputOptions,
    {
      flags: '-o, --output <file>',
      help: `the samples (default: ${SAMPLES})`,
      group: 'Output',
      default: SAMPLES,
    },
    forceOption,
    {
      flags: '--step <duration>',
      help: 'how far samples are apart (default: 5m, which Prometheus looks back)',
      group: 'Output',
      default: '5m',
    },
    ...lookOptions,
  ],
  examples: [
    "mirrormon backfill 'archive/*.log.gz' -o backfill.om",
    'promtool tsdb create-blocks-from openmetrics backfill.om data/',
  ],
  async run(files, values, io) {
    const { backfill } = await import('../backfill/index.ts');
    const status = await backfill(
      files,
      readOptionsOf(values) as unknown as Parameters<typeof backfill>[1],
      io,
    );
    tellDefaultOutput(values, { what: 'the samples are', path: SAMPLES, status }, io);
    return status;
  },
};
