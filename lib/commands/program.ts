import { existsSync, lstatSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MirrormonError } from '../errors.ts';
import { shownUrl } from '../text/secrets.ts';
import { commandFirst } from './cli/command-first.ts';
import { commands } from './cli/commands.ts';
import { helpOf } from './cli/help.ts';
import { inputOptions } from './cli/shared-options.ts';
import { argumentOf, type CommandSpec, flagsOf, keyOf, type OptionSpec, type Values } from './cli/spec.ts';
import { meantCommand, meantOption, meantValue } from './cli/suggest.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/**
 * Builds the command line from its table, parses it, and runs what it asks for. Commands are loaded when they are called.
 * @throws {MirrormonError} USAGE, with what was probably meant
 */
export async function parseAndRun(given: readonly string[], io: Io): Promise<number> {
  const args = commandFirst(given, commands);
  let status = 0;
  const program = build(io, (code) => {
    status = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // help and version end so, too
    if (error.exitCode === 0) return 0;
    throw usageError(error, args);
  }
  return status;
}

function build(io: Io, done: (status: number) => void): Command {
  const [main, ...others] = commands as [CommandSpec, ...CommandSpec[]];
  const program = new Command('mirrormon');
  program
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} })
    .helpCommand(false)
    .enablePositionalOptions();
  add(program, main, io, done);
  for (const command of others) {
    add(program.command(command.name).copyInheritedSettings(program), command, io, done);
  }
  return program;
}

function add(to: Command, spec: CommandSpec, io: Io, done: (status: number) => void): void {
  if (spec.args !== undefined) to.argument(spec.args);
  for (const option of spec.options) to.addOption(optionOf(option, spec));
  to.configureHelp({ formatHelp: () => helpOf(spec, commands) });
  to.action(async (...given: unknown[]) => {
    const values = given.at(-2) as Values;
    const args = spec.args === undefined ? [] : [given[0] ?? []].flat();
    if (spec.name === '') rejectStrayWords(args as string[]);
    done(await spec.run(args as string[], values, io));
  });
}

function optionOf(spec: OptionSpec, command: CommandSpec): Option {
  const option = new Option(spec.flags, spec.help);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.choices !== undefined) option.argParser((value) => chosen(value, spec, command));
  else if (spec.least !== undefined) option.argParser((value) => integer(value, spec));
  else if (spec.repeatable) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  } else {
    const place = places.find((name) => argumentOf(spec)?.startsWith(name));
    if (place) option.argParser((value: string, before: unknown) => onlyPlace(value, before, spec, place));
  }
  return option;
}

/** Arguments that name where something is written to or read from. */
const places = ['file', 'url', 'address'] as const;

/** Of two places nothing would ever come to the first, and nothing would tell so. */
function onlyPlace(value: string, before: unknown, spec: OptionSpec, place: (typeof places)[number]): string {
  if (before === undefined || before === spec.default || before === value) return value;
  const shown = place === 'url' ? shownUrl(`${before}`) : before;
  throw new InvalidArgumentError(
    `it is given twice, for '${shown}' too, and takes one ${place === 'url' ? 'URL' : place}: leave one out`,
  );
}

function chosen(value: string, option: OptionSpec, command: CommandSpec): string {
  const choices = option.choices!;
  if (choices.includes(value)) return value;
  const meant = meantValue(value, option, command, commands);
  throw new InvalidArgumentError(`${meant}${meant === '' ? '' : ' '}it is one of ${choices.join(', ')}`);
}

function integer(value: string, option: OptionSpec): number {
  const number = Number(value);
  const least = option.least!;
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new InvalidArgumentError(`${keyOf(option)} is a whole number of at least ${least}`);
  }
  return number;
}

const followFlags: readonly string[] = ['-f', '--follow'];

/** What commander says of a wrong command line, in one line that says what to do. */
function usageError(error: CommanderError, args: readonly string[]): MirrormonError {
  const message = error.message.replace(/^error: /, '');
  const command = commands.find(({ name }) => name !== '' && name === args[0]) ?? commands[0]!;
  const [, flag] = /^unknown option '([^'=]*)/.exec(message) ?? [];
  if (flag !== undefined && followFlags.includes(flag) && command.options.includes(inputOptions[0]!)) {
    return new MirrormonError(
      'USAGE',
      `'mirrormon ${command.name}' reads logs to their end, and follows none`,
      {
        hint: "'mirrormon -f FILE -o summary' shows who uses what as it goes on",
      },
    );
  }
  if (flag !== undefined && message.includes('=') && command.options.flatMap(flagsOf).includes(flag)) {
    return new MirrormonError('USAGE', `option '${flag}' takes no value`, {
      hint: `write ${flag} alone, or leave it out`,
    });
  }
  if (flag !== undefined) {
    return new MirrormonError('USAGE', `unknown option '${flag}'`, {
      hint: meantOption(flag, command, commands),
    });
  }
  const [, what, hint] = /^(option .* argument '.*' is invalid)\. (.*)$/s.exec(message) ?? [];
  if (what !== undefined) return new MirrormonError('USAGE', what, { hint });
  const name = command.name === '' ? '' : `${command.name} `;
  const [, most, given] = /^too many arguments .*Expected (\d+) .*got (\d+)/.exec(message) ?? [];
  const takes = most === '0' ? 'no argument' : most === '1' ? '1 argument' : `${most} arguments`;
  const told =
    most === undefined
      ? message
      : `'mirrormon ${command.name}' takes ${takes}, and there ${given === '1' ? 'is' : 'are'} ${given}`;
  return new MirrormonError('USAGE', told, { hint: `see 'mirrormon ${name}--help'` });
}

/** A bare word that is no file is a mistyped command, or a file that is not there: told before anything runs. */
function rejectStrayWords(words: readonly string[]): void {
  for (const word of words) {
    if (word === '') {
      const hint = 'is a variable of the shell not set?';
      throw new MirrormonError('USAGE', 'the name of a file is empty', { hint });
    }
    if (/^https?:\/\//i.test(word) && !existsSync(word)) {
      const hint =
        "'--scrape URL' reads a Prometheus endpoint at every report interval, 'curl -s URL | mirrormon' what is there now";
      throw new MirrormonError('USAGE', `'${word}' is a URL, not a file`, { hint });
    }
    // a link that leads nowhere is there, too
    if (!/^[A-Za-z][\w-]*$/.test(word) || lstatSync(word, { throwIfNoEntry: false })) continue;
    if (commands.some(({ name }) => name === word)) {
      throw new MirrormonError('USAGE', `'${word}' is a command, and there is no file of that name`, {
        hint: `a command comes first: 'mirrormon ${word} …'`,
      });
    }
    const meant = meantCommand(word, commands);
    throw new MirrormonError('USAGE', `there is neither a command nor a file '${word}'`, {
      hint:
        meant === undefined ? "'mirrormon --help' lists all commands" : `did you mean 'mirrormon ${meant}'?`,
    });
  }
}
