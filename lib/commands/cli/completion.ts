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

/** Words by command, and values by option where those are few; anything else is a file. */
function bash(commands: readonly CommandSpec[]): string {
  const words = commands.map((command) => {
    const flags = [...visible(command).flatMap(flagsOf), ...helpFlags, ...(command.words ?? [])];
    return `    ${command.name === '' ? '*' : command.name}) words='${flags.join(' ')}' ;;`;
  });
  const [main, ...others] = words;
  const values = commands
    .flatMap((command) => visible(command).map((option) => ({ command, option })))
    .filter(({ option }) => option.choices !== undefined)
    .map(
      ({ command, option }) =>
        `    ${flagsOf(option)
          .map((flag) => `'${command.name}':${flag}`)
          .join('|')}) values='${option.choices!.join(' ')}' ;;`,
    );
  return `# bash completion for mirrormon: source <(mirrormon completion bash)
_mirrormon() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' words values=''
  case "\${COMP_WORDS[1]}" in
    ${named(commands)
      .map(({ name }) => name)
      .join('|')}) [ "$COMP_CWORD" -gt 1 ] && command=\${COMP_WORDS[1]} ;;
  esac
  case "$command:$before" in
${values.join('\n')}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current")); return; fi
  case "$command" in
${[...others, main].join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="$words ${named(commands)
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
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    _files
    return
  fi
  case $words[2] in
${others.map((command) => `    ${command.name}) shift words; (( CURRENT-- )); _arguments ${specs(command)} ;;`).join('\n')}
    *) _arguments ${specs(main)} ;;
  esac
}
compdef _mirrormon mirrormon
`;
}

function zshOption(option: OptionSpec): string[] {
  const argument = argumentOf(option);
  const choices = option.choices === undefined ? '_files' : `(${option.choices.join(' ')})`;
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
    lines.push(`complete -c mirrormon -n __fish_is_first_token -a ${name} -d '${fishQuoted(help)}'`);
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
  const values =
    argumentOf(option) === undefined
      ? ''
      : option.choices === undefined
        ? ' -r'
        : ` -x -a '${option.choices.join(' ')}'`;
  return `${flags.join(' ')}${values} -d '${fishQuoted(option.help)}'`;
}

function fishQuoted(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
