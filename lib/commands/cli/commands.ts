import { dashboardNames } from '../../dashboards/dashboard-names.ts';
import { MirrormonError } from '../../errors.ts';
import type { FramingName } from '../../framings/index.ts';
import { sortKeys } from '../../usage/group-keys.ts';
import type { RunOptions, WorkloadAsked } from '../invocation.ts';
import { auditKeys } from '../sessions/row-order.ts';
import {
  answerFormats,
  followOptions,
  inputOptions,
  lookOptions,
  mergeOptions,
  runOptions,
} from './run-options.ts';
import type { CommandSpec, OptionSpec, Values } from './spec.ts';

const formatOption: OptionSpec = {
  flags: '--format <format>',
  help: 'of the answer',
  group: 'Output',
  default: 'table',
};

const strict = (help: string): OptionSpec => ({ flags: '--strict', help, group: 'Other' });

const scenario = (flags: string, help: string, least = 0): OptionSpec => ({
  flags,
  help,
  group: 'Other',
  least,
});

/** All that the program does, the default command first. */
export const commands: readonly CommandSpec[] = [
  {
    name: '',
    args: '[file...]',
    argsHelp:
      'logs to read, also compressed, globs, and topics (kafka://HOST:PORT/TOPIC); - or none is standard input',
    help: 'Turns the logs of a mirrord Operator and the metrics events of OpenZiti into metrics, filtered events and reports.',
    options: runOptions,
    examples: [
      'kubectl logs -f deploy/mirrord-operator -n mirrord | mirrormon',
      "mirrormon 'archive/*.log.gz' -o json > metrics.ndjson",
      'mirrormon -c ctrl.yml < events.json',
    ],
    async run(files, values, io) {
      return (await import('../run.ts')).run(files, runOptionsOf(values), io);
    },
  },
  {
    name: 'follow',
    args: '<workload>',
    argsHelp: 'as kubectl has it, such as deploy/mirrord-operator; a name alone is a deployment, or a pod',
    help: 'run kubectl logs itself, for all pods and containers of a workload, and heal it: rotations, restarts, replaced pods; each line once',
    options: followOptions,
    examples: [
      'mirrormon follow deploy/mirrord-operator -n mirrord',
      'mirrormon follow mirrord-operator -n mirrord --since 1h --metrics-addr :9000',
    ],
    async run([workload], values, io) {
      const { run } = await import('../run.ts');
      return run([], { ...runOptionsOf(values), workload: workloadOf(workload!, values) }, io);
    },
  },
  {
    name: 'usage',
    args: '[file...]',
    argsHelp: 'logs to read, as without a command',
    help: 'who used what for how long: sessions by user, client, target, namespace, port, day, week or hour, with a total',
    options: [
      ...inputOptions,
      {
        flags: '--by <keys>',
        help: 'groups: user, client, target, namespace, port, day, week, hour (UTC), or several with commas (default: user)',
        group: 'Output',
      },
      {
        flags: '--sort <key>',
        help: 'the greatest first (default: sessions; by key where a period is among the keys)',
        group: 'Output',
        choices: sortKeys,
      },
      { flags: '--top <n>', help: 'so many groups, and the others as *', group: 'Output', least: 1 },
      {
        flags: '--compare <period>',
        help: 'the last period, such as 7d, beside the one before it',
        group: 'Output',
      },
      { ...formatOption, choices: answerFormats },
      ...lookOptions,
    ],
    examples: [
      "mirrormon usage 'archive/*.log.gz' --by user --sort time --top 10",
      'mirrormon usage operator.log --by target,day --format csv > usage.csv',
      'mirrormon usage operator.log --compare 7d',
    ],
    async run(files, values, io) {
      const { usage } = await import('../sessions/usage-command.ts');
      return usage(files, readOptionsOf(values), io);
    },
  },
  {
    name: 'audit',
    args: '[file...]',
    argsHelp: 'logs to read, as without a command',
    help: 'a row a session: who, on which machine, which target, from when to when, which ports with which filter, and what is missing',
    options: [
      ...inputOptions,
      {
        flags: '--having <condition>',
        help: "sessions whose column matches: COLUMN=RE2, also !=, and < <= > >= for numbers, such as 'missing=end' or 'held=^8080$'",
        group: 'Output',
        repeatable: true,
      },
      {
        flags: '--sort <key>',
        help: 'the oldest start, the newest end or the longest time first (default: start)',
        group: 'Output',
        choices: auditKeys,
      },
      { flags: '--top <n>', help: 'so many sessions', group: 'Output', least: 1 },
      { ...formatOption, choices: ['table', 'json', 'csv'] },
      ...lookOptions,
    ],
    examples: [
      'mirrormon audit operator.log --format csv > sessions.csv',
      'mirrormon audit operator.log --sort time --top 10',
      "mirrormon audit operator.log --having 'missing=end'",
    ],
    async run(files, values, io) {
      const { audit } = await import('../sessions/audit-command.ts');
      return audit(files, readOptionsOf(values), io);
    },
  },
  {
    name: 'report',
    args: '[file...]',
    argsHelp: 'logs to read, as without a command',
    help: 'write who used what as a self-contained page, and nothing else',
    options: [
      ...inputOptions,
      {
        flags: '-o, --output <file.html>',
        help: 'the page (default: report.html)',
        group: 'Output',
        default: 'report.html',
      },
      { flags: '--force', help: 'write to a file that exists and is not of mirrormon', group: 'Other' },
      ...lookOptions,
    ],
    examples: ["mirrormon report 'archive/*.log.gz' -o usage.html"],
    async run(files, values, io) {
      const { run } = await import('../run.ts');
      const { output, ...others } = values;
      return run(files, runOptionsOf({ ...others, report: output, output: 'none' }), io);
    },
  },
  {
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
  },
  {
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
  },
  {
    name: 'backfill',
    args: '[file...]',
    argsHelp: 'archives to read, in the order of their times',
    help: 'write what the metrics were at every step as OpenMetrics with timestamps, for blocks of a Prometheus',
    options: [
      ...inputOptions,
      {
        flags: '-o, --output <file>',
        help: 'the samples (default: backfill.om)',
        group: 'Output',
        default: 'backfill.om',
      },
      { flags: '--force', help: 'write to a file that exists and is not of mirrormon', group: 'Other' },
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
      return backfill(files, readOptionsOf(values) as unknown as Parameters<typeof backfill>[1], io);
    },
  },
  {
    name: 'check',
    args: '<file...>',
    argsHelp: 'configuration files',
    help: 'validate configuration: every error with line, column and the nearest valid word',
    options: [
      strict('warnings are errors'),
      {
        flags: '--print',
        help: 'print the effective configuration, with the origin of every value; secrets are masked',
        group: 'Output',
      },
      {
        flags: '--against <log>',
        help: "also try each subscription's filters on the records of this log",
        group: 'Input',
        repeatable: true,
      },
    ],
    examples: [
      'mirrormon check ctrl.yml',
      'mirrormon check --print values.yaml',
      'mirrormon check ctrl.yml --against events.json',
    ],
    async run(files, values, io) {
      return (await import('../check.ts')).check(files, values, io);
    },
  },
  {
    name: 'explain',
    args: '[file...]',
    argsHelp: 'logs to read, as without a command',
    help: 'tell how records are read, what is measured of them, and which subscription takes or leaves out what, and by which filter; nothing is written',
    options: [
      ...inputOptions,
      {
        flags: '--metric <name>',
        help: 'the other way round: why this metric is written or not, and the records that concern it',
        group: 'Which records',
      },
      { flags: '--top <n>', help: 'so many records one by one (default: 5)', group: 'Output', least: 0 },
      {
        flags: '-o, --output <format>',
        help: 'of the answer',
        group: 'Output',
        choices: ['text', 'json'],
        default: 'text',
      },
      ...lookOptions,
    ],
    examples: [
      'mirrormon explain -c ctrl.yml events.json',
      'mirrormon explain -c ctrl.yml --metric pool.listener.ctrl.queue_size',
      "mirrormon explain operator.log --where 'message=Session Start' --top 1",
    ],
    async run(files, values, io) {
      const { explain } = await import('../explain/index.ts');
      return explain(files, readOptionsOf(values) as unknown as Parameters<typeof explain>[1], io);
    },
  },
  {
    name: 'test',
    args: '<folder...>',
    argsHelp: 'cases, or folders with cases in them',
    help: 'run case folders {config.yml, input.*, expected.json, expected.logs, expected/, tolerance.json} and tell which metric, labels and key differ',
    options: [
      { flags: '--update', help: 'what comes out becomes what is expected', group: 'Output' },
      {
        flags: '--format <format>',
        help: 'of the verdicts',
        group: 'Output',
        choices: ['text', 'tap', 'junit'],
        default: 'text',
      },
    ],
    examples: ['mirrormon test cases --format junit > report.xml', 'mirrormon test cases --update'],
    async run(folders, values, io) {
      const { test } = await import('../test.ts');
      return test(folders, values as unknown as Parameters<typeof test>[1], io);
    },
  },
  {
    name: 'generate',
    help: 'write a deterministic, realistic log for trials',
    options: [
      { flags: '--records <n>', help: 'how many', group: 'Output', least: 0, default: 10_000 },
      { flags: '--seed <n>', help: 'another seed gives another log', group: 'Output', least: 0, default: 1 },
      {
        flags: '--kind <kind>',
        help: 'of which system',
        group: 'Output',
        choices: ['operator', 'ziti'],
        default: 'operator',
      },
      {
        flags: '--layout <layout>',
        help: 'of each record',
        group: 'Output',
        choices: ['plain', 'random', 'spaced'],
        default: 'plain',
      },
      {
        flags: '--framing <framing>',
        help: 'how its lines are wrapped',
        group: 'Output',
        choices: ['ndjson', 'kubectl', 'cri', 'docker'],
        default: 'ndjson',
      },
      scenario('--users <n>', 'people who use mirrord (default: 200)', 1),
      scenario('--targets <n>', 'what they work on (default: 120)', 1),
      scenario('--unpaired <percent>', 'of sessions lack their start or their end (default: 0)'),
      scenario('--errors <percent>', 'of records are errors (default: 0)'),
      scenario('--late <percent>', 'of records come behind younger ones (default: 0.5)'),
      scenario('--bursts <n>', 'a thousand records in a second, about every n records'),
      scenario('--gaps <n>', 'some hours of silence, about every n records'),
    ],
    examples: [
      'mirrormon generate --records 100000 | mirrormon -o summary',
      'mirrormon generate --users 5000 --unpaired 5 --framing kubectl > operator.log',
    ],
    async run(_, values, io) {
      const { generateCommand } = await import('../generate.ts');
      return generateCommand(values as unknown as Parameters<typeof generateCommand>[0], io.stdout);
    },
  },
  {
    name: 'dashboards',
    args: '<name>',
    argsHelp: Object.keys(dashboardNames).join(', '),
    words: Object.keys(dashboardNames),
    help: 'print a dashboard, its index template, or alerts, to import',
    options: [],
    examples: [`mirrormon dashboards ${Object.keys(dashboardNames)[0]} > dashboard.json`],
    async run([name], _, io) {
      return (await import('../dashboards.ts')).dashboards(name!, io.stdout);
    },
  },
  {
    name: 'bench',
    args: '[file...]',
    argsHelp: 'logs to read, several times (default: a generated one of 50 MB)',
    help: 'how fast this machine is, beside a naive pipeline, and where the time goes',
    options: [
      { flags: '--runs <n>', help: 'passages in turn', group: 'Other', least: 1, default: 5 },
      {
        flags: '-o, --output <format>',
        help: 'what is written, and thrown away',
        group: 'Output',
        choices: ['json', 'logs', 'none'],
        default: 'json',
      },
      { flags: '--json', help: 'the answer as one line of JSON', group: 'Output' },
      {
        flags: '--min-ratio <ratio>',
        help: 'status 1 if it is not so many times as fast as the naive pipeline: for CI',
        group: 'Other',
      },
    ],
    examples: ['mirrormon bench operator.log', 'mirrormon bench --json --min-ratio 2 > bench.json'],
    async run(files, values, io) {
      const { bench } = await import('../bench.ts');
      return bench(files, values as unknown as Parameters<typeof bench>[1], io);
    },
  },
  {
    name: 'completion',
    args: '<shell>',
    argsHelp: 'bash, zsh or fish',
    words: ['bash', 'zsh', 'fish'],
    help: 'print completions for a shell',
    options: [],
    examples: ['source <(mirrormon completion bash)', 'mirrormon completion fish | source'],
    async run([shell], _, io) {
      const { completion } = await import('./completion.ts');
      io.stdout.write(completion(shell!, commands));
      return 0;
    },
  },
  {
    name: 'version',
    help: 'print the version',
    options: [],
    examples: ['mirrormon version'],
    async run(_args, _values, io) {
      io.stdout.write(`${(await import('../version.ts')).version()}\n`);
      return 0;
    },
  },
  {
    name: 'help',
    args: '[topic]',
    argsHelp:
      'a command, or settings, metrics, inputs, outputs, statuses, questions, man (mirrormon help man | man -l -)',
    words: ['settings', 'metrics', 'inputs', 'outputs', 'statuses', 'questions', 'man'],
    help: 'help on the program, a command or a topic',
    options: [],
    examples: ['mirrormon help check', 'mirrormon help questions', 'mirrormon help man | man -l -'],
    async run([topic], _, io) {
      const { topics } = await import('../topics.ts');
      const table = Object.hasOwn(topics, topic ?? '') ? topics[topic!]!() : undefined;
      const { help } = await import('./help.ts');
      io.stdout.write(table ?? help(topic, commands));
      return 0;
    },
  },
];

function workloadOf(workload: string, values: Values): WorkloadAsked {
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

function readOptionsOf(values: Values): Values & { readonly config: readonly string[] } {
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
