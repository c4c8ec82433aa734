import { type CommandSpec, flagsOf, type OptionSpec } from './spec.ts';

const versionFlags: readonly string[] = ['-V', '--version'];

/**
 * Puts a command that stands behind options before them: they are that command's, as everywhere else. Taken for options of
 * the run without a command they would mean nothing, and nobody would be told.
 */
export function commandFirst(args: readonly string[], commands: readonly CommandSpec[]): readonly string[] {
  const main = commands.find(({ name }) => name === '');
  let at = 0;
  while (args[at]?.startsWith('-') && args[at] !== '-' && args[at] !== '--') {
    const words = wordsOf(args[at]!, args[at + 1], main?.options ?? []);
    // an unknown one is told as it stands
    if (words === undefined || versionFlags.includes(args[at]!)) return args;
    at += words;
  }
  const name = args[at];
  if (at === 0 || name === undefined || name === '' || !commands.some((command) => command.name === name)) {
    return args;
  }
  return [name, ...args.slice(0, at), ...args.slice(at + 1)];
}

/** How many words an option takes, with its argument; undefined of one that there is not. */
function wordsOf(word: string, next: string | undefined, options: readonly OptionSpec[]): number | undefined {
  if (word === '-h' || word === '--help') return 1;
  if (word.startsWith('--')) {
    const [flag = ''] = word.split('=', 1);
    const option = named(flag, options);
    if (option === undefined) return undefined;
    return word.includes('=') ? 1 : 1 + argumentsOf(option, next);
  }
  // several letters are as many switches, or an option and its argument
  for (let k = 1; k < word.length; k++) {
    const option = named(`-${word[k]}`, options);
    if (option === undefined) return undefined;
    const count = argumentsOf(option, next);
    if (count > 0) return k + 1 < word.length ? 1 : 1 + count;
  }
  return 1;
}

const named = (flag: string, options: readonly OptionSpec[]): OptionSpec | undefined =>
  options.find((option) => flagsOf(option).includes(flag));

/** @param next the word behind it, which one whose argument may be left out takes unless it is an option, too */
function argumentsOf({ flags }: OptionSpec, next: string | undefined): 0 | 1 {
  if (flags.includes('<')) return 1;
  return flags.includes('[') && next !== undefined && !next.startsWith('-') ? 1 : 0;
}
