import { inputOptions, lookOptions } from './shared-options.ts';
import type { CommandSpec, OptionSpec } from './spec.ts';
import { readOptionsOf } from './typed-values.ts';

const scenario = (flags: string, help: string, least = 0): OptionSpec => ({
  flags,
  help,
  group: 'Other',
  least,
});

export const checkCommand: CommandSpec = {
  name: 'check',
  args: '<file...>',
  argsHelp: 'configuration files',
  help: 'validate configuration: every error with line, column and the nearest valid word',
  options: [
    { flags: '--strict', help: 'warnings are errors', group: 'Other' },
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
};

export const explainCommand: CommandSpec = {
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
};

export const testCommand: CommandSpec = {
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
};

export const generateCommand: CommandSpec = {
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
    const { generateCommand: generate } = await import('../generate.ts');
    return generate(values as unknown as Parameters<typeof generate>[0], io.stdout);
  },
};

export const benchCommand: CommandSpec = {
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
};
