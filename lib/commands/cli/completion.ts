import { MirrormonError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import { argumentOf, type CommandSpec, flagsOf, type OptionSpec } from './spec.ts';

const shells: Readonly<Record<string, (commands: readonly CommandSpec[]) => string>> = { bash, zsh, fish };

/** The script by which a shell completes our words. @throws {MirrormonError} USAGE for another shell */
export function completion(shell: string, commands: readonly CommandSpec[]): string {
  const print = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (print !== undefined) return print(commands);
  const meant = nearest(shell, Object.keys(shells));
  throw new MirrormonError('USAGE', `there are no completions for '${shell}'`, {
    hint: meant === undefined ? 'there are for bash, zsh and fish' : `did you mean ${meant}?`,
  });
}

const visible = ({ options }: CommandSpec): readonly OptionSpec[] => options.filter(({ hidden }) => !hidden);
const named = (commands: readonly CommandSpec[]): readonly CommandSpec[] =>
  commands.filter(({ name }) => name !== '');
const helpFlags = ['-h', '--help'];
const valuesOf = ({ choices, proposals }: OptionSpec): readonly string[] | undefined => choices ?? proposals;

/** The options of the run that take an argument, as a pattern: a command may stand behind them and theirs. */
const taking = (commands: readonly CommandSpec[]): string =>
  commands[0]!.options
    .filter(({ flags }) => flags.includes('<'))
    .flatMap(flagsOf)
    .join('|');

/** What each command has, as cases of bash; the default command is any other. */
function bashWords(commands: readonly CommandSpec[]): string {
  const words = commands.map((command) => {
    const flags = [...visible(command).flatMap(flagsOf), ...helpFlags, ...(command.words ?? [])];
    return `    ${command.name === '' ? '*' : command.name}) words='${flags.join(' ')}' ;;`;
  });
  const [main, ...others] = words;
  return [...others, main].join('\n');
}

/** What each option may be, as cases of bash. */
function bashValues(commands: readonly CommandSpec[]): string {
  return commands
    .flatMap((command) => visible(command).map((option) => ({ command, option })))
    .filter(({ option }) => valuesOf(option) !== undefined)
    .map(({ command, option }) => {
      const cases = flagsOf(option).map((flag) => `'${command.name}':${flag}`);
      return `    ${cases.join('|')}) values='${valuesOf(option)!.join(' ')}' ;;`;
    })
    .join('\n');
}

/** Words by command, and values by option where those are few; anything else is a file. */
function bash(commands: readonly CommandSpec[]): string {
  return `# bash completion for mirrormon: source <(mirrormon completion bash)
_mirrormon() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' words values='' k=1
  # bash makes three words of --option=value
  if [ "$current" = = ]; then current=''; elif [ "$before" = = ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  while [ "$k" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[k]}" in
      ${taking(commands)}) [ "\${COMP_WORDS[k+1]}" = = ] && k=$((k+1)); k=$((k+2)) ;;
      -?*) k=$((k+1)) ;;
      *) break ;;
    esac
  done
  case "\${COMP_WORDS[k]}" in
    ${named(commands)
      .map(({ name }) => name)
      .join('|')}) [ "$COMP_CWORD" -gt "$k" ] && command=\${COMP_WORDS[k]} ;;
  esac
  case "$command:$before" in
${bashValues(commands)}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current")); return; fi
  case "$command" in
${bashWords(commands)}
  esac
  [ "$COMP_CWORD" -eq "$k" ] && words="$words ${named(commands)
    .map(({ name }) => name)
    .join(' ')}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$command" in
    ${named(commands)
      .filter(({ words }) => words !== undefined)
      .map(({ name }) => name)
      .join('|')}) return ;;
  esac
  [ "\${current#-}" = "$current" ] && COMPREPLY+=($(compgen -f -- "$current"))
}
complete -o filenames -F _mirrormon mirrormon
`;
}

function zsh(commands: readonly CommandSpec[]): string {
  const specs = (command: CommandSpec): string => {
    const options = visible(command).flatMap((option) => zshOption(option));
    const rest = command.words === undefined ? "'*:file:_files'" : `'1:word:(${command.words.join(' ')})'`;
    return [...options, rest].join(' ');
  };
  const [main, ...others] = commands as [CommandSpec, ...CommandSpec[]];
  return `#compdef mirrormon
# zsh completion for mirrormon: source <(mirrormon completion zsh)
_mirrormon() {
  local -a commands=(
${others.map(({ name, help }) => `    '${name}:${quoted(help)}'`).join('\n')}
  )
  local -i k=2
  while (( k < CURRENT )); do
    case $words[k] in
      ${taking(commands)}) (( k += 2 )) ;;
      -?*) (( k += 1 )) ;;
      *) break ;;
    esac
  done
  if (( k == CURRENT )) && [[ $words[k] != -* ]]; then
    _describe command commands
    _files
    return
  fi
  local command=''
  (( k < CURRENT )) && command=$words[k]
  case $command in
${others.map((command) => `    ${command.name}) words[k]=(); (( CURRENT-- )); _arguments ${specs(command)} ;;`).join('\n')}
    *) _arguments ${specs(main)} ;;
  esac
}
compdef _mirrormon mirrormon
`;
}

function zshOption(option: OptionSpec): string[] {
  const argument = argumentOf(option);
  const values = valuesOf(option);
  const choices = values === undefined ? '_files' : `(${values.join(' ')})`;
  const value = argument === undefined ? '' : `:${argument}:${choices}`;
  const star = option.repeatable ? '*' : '';
  return flagsOf(option).map((flag) => `'${star}${flag}[${quoted(option.help)}]${value}'`);
}

/** Inside of '…' and of a description, where brackets and colons would end it. */
function quoted(text: string): string {
  return text.replaceAll("'", '’').replace(/[[\]:\\]/g, '\\$&');
}

function fish(commands: readonly CommandSpec[]): string {
  const names = named(commands).map(({ name }) => name);
  const lines = ['# fish completion for mirrormon: mirrormon completion fish | source'];
  for (const { name, help } of named(commands)) {
    lines.push(`complete -c mirrormon -n __fish_use_subcommand -a ${name} -d '${fishQuoted(help)}'`);
  }
  for (const command of commands) {
    const on =
      command.name === ''
        ? `not __fish_seen_subcommand_from ${names.join(' ')}`
        : `__fish_seen_subcommand_from ${command.name}`;
    for (const option of visible(command))
      lines.push(`complete -c mirrormon -n '${on}' ${fishOption(option)}`);
    if (command.words) lines.push(`complete -c mirrormon -n '${on}' -f -a '${command.words.join(' ')}'`);
  }
  return `${lines.join('\n')}\n`;
}

function fishOption(option: OptionSpec): string {
  const flags = flagsOf(option).map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  const values = valuesOf(option);
  const argument =
    argumentOf(option) === undefined ? '' : values === undefined ? ' -r' : ` -x -a '${values.join(' ')}'`;
  return `${flags.join(' ')}${argument} -d '${fishQuoted(option.help)}'`;
}

function fishQuoted(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
