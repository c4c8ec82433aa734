import { groupKeys, sortKeys } from '../../usage/group-keys.ts';
import { auditKeys } from '../sessions/row-order.ts';
import { tellDefaultOutput } from './default-output.ts';
import { answerFormats, forceOption, formatOption, inputOptions, lookOptions } from './shared-options.ts';
import type { CommandSpec } from './spec.ts';
import { readOptionsOf, runOptionsOf } from './typed-values.ts';

export const usageCommand: CommandSpec = {
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
      repeatable: true,
      proposals: groupKeys,
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
};

export const auditCommand: CommandSpec = {
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
};

/** Where a page goes that nobody named. */
const PAGE = 'report.html';

export const reportCommand: CommandSpec = {
  name: 'report',
  args: '[file...]',
  argsHelp: 'logs to read, as without a command',
  help: 'write who used what as a self-contained page, and nothing else',
  options: [
    ...inputOptions,
    {
      flags: '-o, --output <file.html>',
      help: `the page (default: ${PAGE})`,
      group: 'Output',
      default: PAGE,
    },
    forceOption,
    ...lookOptions,
  ],
  examples: ["mirrormon report 'archive/*.log.gz' -o usage.html"],
  async run(files, values, io) {
    const { run } = await import('../run.ts');
    const { output, ...others } = values;
    const status = await run(files, runOptionsOf({ ...others, report: output, output: 'none' }), io);
    tellDefaultOutput(values, { what: 'the page is', path: PAGE, status }, io);
    return status;
  },
};
