import { version } from '../version.ts';
import { type CommandSpec, environment, exitStatuses, helpTextOf, type OptionSpec, usageOf } from './spec.ts';

/** The manual page in roff's man macros: `mirrormon help man | man -l -`. */
export function manPage(commands: readonly CommandSpec[]): string {
  const [main, ...others] = commands as [CommandSpec, ...CommandSpec[]];
  return [
    `.TH MIRRORMON 1 "" "mirrormon ${version()}" "User Commands"`,
    '.SH NAME',
    'mirrormon \\- metrics, events and reports from the logs of a mirrord Operator and from OpenZiti',
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [roff(usageOf(command)), '.br']),
    '.SH DESCRIPTION',
    roff(main.help),
    '.SH OPTIONS',
    ...optionsOf(main),
    '.SH COMMANDS',
    ...others.flatMap((command) => [
      `.SS "${roff(usageOf(command))}"`,
      roff(command.help),
      ...optionsOf(command),
    ]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, means]) => ['.TP', `.B ${roff(name)}`, roff(means)]),
    '.SH EXIT STATUS',
    ...exitStatuses.flatMap(([status, means]) => ['.TP', `.B ${roff(status)}`, roff(means)]),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) => examples.flatMap((line) => [roff(line), '.br'])),
    '',
  ].join('\n');
}

function optionsOf({ options }: CommandSpec): string[] {
  return options
    .filter(({ hidden }: OptionSpec) => !hidden)
    .flatMap((option) => ['.TP', `.B ${roff(option.flags)}`, roff(helpTextOf(option))]);
}

/** A line of text that roff takes for nothing else. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
