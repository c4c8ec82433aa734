import { dashboardNames } from '../../dashboards/dashboard-names.ts';
import type { CommandSpec } from './spec.ts';

export const dashboardsCommand: CommandSpec = {
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
};

export const versionCommand: CommandSpec = {
  name: 'version',
  help: 'print the version',
  options: [],
  examples: ['mirrormon version'],
  async run(_args, _values, io) {
    io.stdout.write(`${(await import('../version.ts')).version()}\n`);
    return 0;
  },
};

/** It tells of the table that it is in itself, which is whole when it is called. */
export function completionCommandOf(all: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: 'completion',
    args: '<shell>',
    argsHelp: 'bash, zsh or fish',
    words: ['bash', 'zsh', 'fish'],
    help: 'print completions for a shell',
    options: [],
    examples: ['source <(mirrormon completion bash)', 'mirrormon completion fish | source'],
    async run([shell], _, io) {
      const { completion } = await import('./completion.ts');
      io.stdout.write(completion(shell!, all()));
      return 0;
    },
  };
}

/** Of the table that it is in itself, likewise. */
export function helpCommandOf(all: () => readonly CommandSpec[]): CommandSpec {
  return {
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
      io.stdout.write(table ?? help(topic, all()));
      return 0;
    },
  };
}
