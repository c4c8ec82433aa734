import { MirrormonError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import { wrapLines } from '../../text/wrap.ts';
import { manPage } from './man-page.ts';
import {
  type CommandSpec,
  environment,
  exitStatuses,
  groups,
  helpTextOf,
  type OptionSpec,
  usageOf,
} from './spec.ts';
import { meantCommand } from './suggest.ts';

const WIDTH = 80;
/** Columns of the left part; what is longer has a line of its own. */
const LEFT = 31;

/** What `mirrormon help` tells besides commands; all but the last are of topics.ts. */
export const topicNames: readonly string[] = [
  ...['settings', 'metrics', 'inputs', 'outputs', 'statuses', 'questions', 'man'],
];

/** The text of `mirrormon help TOPIC` where that is no table. @throws {MirrormonError} USAGE for a topic that there is not */
export function help(topic: string | undefined, commands: readonly CommandSpec[]): string {
  if (topic === 'man') return manPage(commands);
  const command = commands.find(({ name }) => name === (topic ?? ''));
  if (command !== undefined) return helpOf(command, commands);
  const meant = nearest(topic!, topicNames) ?? meantCommand(topic!, commands);
  const names = commands.map(({ name }) => name).filter((name) => name !== '');
  throw new MirrormonError('USAGE', `there is no help on '${topic}'`, {
    hint:
      meant === undefined
        ? `there is on ${[...names, ...topicNames].join(', ')}`
        : `did you mean 'mirrormon help ${meant}'?`,
  });
}

/** The text of --help. */
export function helpOf(command: CommandSpec, commands: readonly CommandSpec[]): string {
  const isMain = command.name === '';
  const parts = [
    `Usage: ${usageOf(command)}${isMain ? '\n       mirrormon COMMAND --help' : ''}\n\n${wrap(command.help, 0)}`,
    command.args === undefined ? '' : `${entry(command.args, command.argsHelp ?? '')}`,
    `Examples\n${command.examples.map((line) => `  ${line}\n`).join('')}`,
    ...optionParts(command),
  ];
  if (isMain) {
    const others = commands.filter(({ name }) => name !== '');
    parts.push(`Commands\n${others.map(commandEntry).join('')}`);
    parts.push(`Environment\n${environment.map(([name, means]) => entry(name, means)).join('')}`);
  }
  parts.push(`Exit status\n${exitStatuses.map(([status, means]) => entry(status, means)).join('')}`);
  return parts.filter((part) => part !== '').join('\n');
}

function optionParts({ name, options }: CommandSpec): string[] {
  const shown: readonly OptionSpec[] = [
    ...options,
    ...(name === '' ? [{ flags: '-V, --version', help: 'print the version', group: 'Other' } as const] : []),
    { flags: '-h, --help', help: 'print this', group: 'Other' },
  ];
  return groups.map((group) => {
    const some = shown.filter((option) => option.group === group && !option.hidden);
    return some.length === 0 ? '' : `${group}\n${some.map(optionEntry).join('')}`;
  });
}

function optionEntry(option: OptionSpec): string {
  return entry(/^--/.test(option.flags) ? `    ${option.flags}` : option.flags, helpTextOf(option));
}

function commandEntry({ name, args, help }: CommandSpec): string {
  return entry(args === undefined ? name : `${name} ${args}`, help);
}

function entry(left: string, right: string): string {
  const head = `  ${left}`;
  const body = wrap(right, LEFT);
  return head.length >= LEFT - 1 ? `${head}\n${' '.repeat(LEFT)}${body}` : `${head.padEnd(LEFT)}${body}`;
}

/** Words in lines of the width, each but the first indented. */
function wrap(text: string, indent: number): string {
  return `${wrapLines(text, WIDTH - indent).join(`\n${' '.repeat(indent)}`)}\n`;
}
