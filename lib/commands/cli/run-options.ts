import { orderKeys } from '../../handlers/stdout/order.ts';
import { colors, inputOptions, manners } from './shared-options.ts';
import type { OptionSpec } from './spec.ts';

/** Of the default command. */
export const runOptions: readonly OptionSpec[] = [
  {
    flags: '-f, --follow',
    help: 'keep reading as files grow, are rotated, cut short or replaced',
    group: 'Input',
  },
  ...inputOptions,
  {
    flags: '--scrape <url>',
    help: 'also read a Prometheus endpoint at every report interval',
    group: 'Input',
    repeatable: true,
  },
  {
    flags: '-o, --output <format>',
    help: 'of standard output (default: summary on a terminal, else json)',
    group: 'Output',
    choices: ['summary', 'table', 'json', 'logs', 'none'],
  },
  {
    flags: '--sort <key>',
    help: 'the greatest first in the summary (default: sessions) or the table (default: key, its labels; with --top count)',
    group: 'Output',
    choices: orderKeys,
  },
  {
    flags: '--top <n>',
    help: 'of the summary and the table: so many rows of each section, series of each metric',
    group: 'Output',
    least: 1,
  },
  {
    flags: '--report <file.html>',
    help: 'also write who used what as a self-contained page, at the end',
    group: 'Output',
  },
  {
    flags: '--fluentd',
    help: "with -o logs: records as fluentd's filter would leave them, with @timestamp",
    group: 'Output',
  },
  ...colors,
  {
    flags: '--report-interval <duration>',
    help: 'a report that often, such as 1m; its counts are totals since the start of the run',
    group: 'Metrics',
  },
  { flags: '--source-id <id>', help: 'metrics.sourceId: the source of what is measured', group: 'Metrics' },
  {
    flags: '--seed <n>',
    help: "of the reservoirs' randomness (default: 1): equal seeds give equal figures",
    group: 'Metrics',
    least: 0,
  },
  {
    flags: '--metrics-addr <address>',
    help: 'switch the Prometheus endpoint on at this socket address, such as :9000',
    group: 'Export',
  },
  {
    flags: '--metrics-web-config <file>',
    help: "TLS and users for it: a web configuration file of Prometheus' exporter-toolkit",
    group: 'Export',
  },
  { flags: '--otel-log-url <url>', help: 'export log records by OTLP over HTTP', group: 'Export' },
  { flags: '--otel-trace-url <url>', help: 'export sessions as traces by OTLP over HTTP', group: 'Export' },
  { flags: '--dead-letters <file>', help: 'write each rejected record', group: 'Books' },
  {
    flags: '--state <file>',
    help: 'of files, workloads, or a pipe of kubectl logs --timestamps: note there what is done, so that the same command goes on from it after an interruption',
    group: 'Books',
  },
  {
    flags: '--partial <file>',
    help: "write what was measured, for 'mirrormon merge' to add it to that of other runs",
    group: 'Output',
  },
  { flags: '--ledger <file>', help: 'write at the end where every record went', group: 'Books' },
  {
    flags: '--force',
    help: 'write to files that exist and are not of mirrormon; never to inputs or other outputs',
    group: 'Books',
  },
  { flags: '--strict', help: 'exit 3 if anything was rejected or dropped', group: 'Books' },
  ...manners,
];

/** Of a run whose logs kubectl reads. */
export const followOptions: readonly OptionSpec[] = [
  { flags: '-n, --namespace <name>', help: "the workload's; else that of kubectl's context", group: 'Input' },
  { flags: '--context <name>', help: 'of kubectl', group: 'Input' },
  { flags: '--container <name>', help: 'this one alone (default: all)', group: 'Input', repeatable: true },
  {
    flags: '--tail <n>',
    help: 'of what is there already, so many lines of each container (default: all)',
    group: 'Input',
    least: 0,
  },
  ...runOptions.filter(({ flags }) => flags !== '-f, --follow'),
];

const runOption = (flag: string): OptionSpec => runOptions.find(({ flags }) => flags.includes(flag))!;

/** Of `merge`: the outputs of a run. */
export const mergeOptions: readonly OptionSpec[] = [
  runOption('--config'),
  {
    flags: '-o, --output <format>',
    help: 'of standard output (default: summary on a terminal, else json)',
    group: 'Output',
    choices: ['summary', 'table', 'json', 'none'],
  },
  {
    flags: '--expect <n>',
    help: 'fail unless there are so many partials, so that none is forgotten',
    group: 'Input',
    least: 1,
  },
  runOption('--sort'),
  runOption('--top'),
  runOption('--report <'),
  runOption('--partial'),
  ...colors,
  runOption('--ledger'),
  runOption('--force'),
  runOption('--strict'),
  runOption('--quiet'),
];
