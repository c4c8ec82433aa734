import { nearest } from '../../text/nearest.ts';
import { commandMeanings, optionMeanings, valueMeanings, valuesElsewhere } from './meanings.ts';
import { type CommandSpec, flagsOf, longFlagOf, type OptionSpec } from './spec.ts';

/** What was probably meant by an option that there is not, as the end of a sentence. */
export function meantOption(flag: string, command: CommandSpec, commands: readonly CommandSpec[]): string {
  const own = [...command.options.flatMap(flagsOf), '--help', ...(command.name === '' ? ['--version'] : [])];
  const meaning = byMeaning(flag, own, commands);
  // what other tools' users mean by the very word comes before a word that is spelled alike
  const near = flag.startsWith('--') && !(flag in optionMeanings && meaning) ? nearest(flag, own) : undefined;
  // -help, as other tools write long options
  const long = flag.length > 2 && own.includes(`-${flag}`) ? `-${flag}` : undefined;
  const meant = long ?? near ?? meaning ?? elsewhere(flag, command, commands);
  const all = `'mirrormon ${command.name === '' ? '' : `${command.name} `}--help' lists all options`;
  return meant === undefined ? all : `did you mean ${meant}? ${all}`;
}

function byMeaning(
  flag: string,
  own: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  // one letter is near to any other
  const alike = flag.length > 2 ? nearest(flag, Object.keys(optionMeanings)) : undefined;
  const known = optionMeanings[flag] ?? optionMeanings[alike ?? ''];
  if (known === undefined) return undefined;
  const [, option] = /^(--[a-z-]+)/.exec(known) ?? [];
  if (option !== undefined) return own.includes(option) ? known : undefined;
  const [, command] = /^mirrormon ([a-z]+)/.exec(known) ?? [];
  if (command === undefined) return known;
  return commands.some(({ name }) => name === command) ? `'${known}'` : undefined;
}

/** An option of that very name that another command has. */
function elsewhere(flag: string, own: CommandSpec, commands: readonly CommandSpec[]): string | undefined {
  const other = commands.find(
    (command) => command !== own && command.options.some((option) => flagsOf(option).includes(flag)),
  );
  if (other === undefined) return undefined;
  return `'mirrormon ${other.name === '' ? '' : `${other.name} `}${flag}'`;
}

/** What was probably meant by a word that is no command: a command line, undefined if nobody knows. */
export function meantCommand(word: string, commands: readonly CommandSpec[]): string | undefined {
  const names = commands.map(({ name }) => name).filter((name) => name !== '');
  const exists = (line: string | undefined) => names.includes(line?.split(' ')[0] ?? '');
  const lower = word.toLowerCase();
  const known = commandMeanings[lower];
  if (known !== undefined && exists(known)) return known;
  const near = nearest(lower, names);
  if (near !== undefined) return near;
  const byMeaning = commandMeanings[nearest(lower, Object.keys(commandMeanings)) ?? ''];
  return exists(byMeaning) ? byMeaning : undefined;
}

/** What was probably meant by a value that an option does not take, as the end of a sentence. */
export function meantValue(
  value: string,
  option: OptionSpec,
  command: CommandSpec,
  commands: readonly CommandSpec[],
): string {
  const choices = option.choices ?? [];
  const known = valueMeanings[longFlagOf(option)]?.[value.toLowerCase()];
  const own = command.options.flatMap(flagsOf);
  const other = valuesElsewhere[value.toLowerCase()];
  const meant = known !== undefined && choices.includes(known) ? known : nearest(value, choices);
  if (meant !== undefined) return `did you mean ${meant}?`;
  if (other === undefined) return '';
  const isOption = other.startsWith('--');
  const exists = isOption
    ? own.includes(other.split(' ')[0]!)
    : commands.some(({ name }) => name === other.split(' ')[1]);
  if (!exists) return '';
  return isOption ? `did you mean ${other}?` : `did you mean '${other}'?`;
}
