import t from 'tap';
import { commands } from '../../../lib/commands/cli/commands.ts';
import { commandMeanings, optionMeanings } from '../../../lib/commands/cli/meanings.ts';
import type { CommandSpec } from '../../../lib/commands/cli/spec.ts';
import { meantCommand, meantOption, meantValue } from '../../../lib/commands/cli/suggest.ts';

const [run] = commands as [CommandSpec, ...CommandSpec[]];
const named = (name: string): CommandSpec => commands.find((command) => command.name === name)!;

t.test('an option is proposed by meaning or by spelling, and only one that there is', (t) => {
  const table: [flag: string, says: RegExp][] = [
    ['--output-format', /did you mean --output FORMAT\?/],
    ['--formatt', /did you mean --output FORMAT\?/],
    ['--json', /--output json/],
    ['--port', /--metrics-addr :PORT/],
    ['--threads', /--workers N/],
    ['--stats', /--ledger FILE/],
    ['--ledgr', /did you mean --ledger\?/],
    ['--dead-leters', /did you mean --dead-letters\?/],
    ['--runs', /'mirrormon bench --runs'/],
    ['--nothing-like-it', /^'mirrormon --help' lists all options$/],
  ];
  for (const [flag, says] of table) t.match(meantOption(flag, run, commands), says, flag);
  t.match(
    meantOption('--strct', named('check'), commands),
    /did you mean --strict\?.*'mirrormon check --help'/,
  );
  const bare = { ...run, options: [] };
  for (const flag of Object.keys(optionMeanings)) {
    const proposed = meantOption(flag, bare, [bare]).replace(/ 'mirrormon --help' lists all options$/, '');
    t.notMatch(proposed, /--(?!help|version)[a-z]/, `${flag} proposes no option that there is not`);
  }
  t.end();
});

t.test('a command likewise', (t) => {
  const table: [word: string, meant: string | undefined][] = [
    ['chekc', 'check'],
    ['generat', 'generate'],
    ['lint', 'check'],
    ['benchmark', 'bench'],
    ['alerts', 'dashboards prometheus-rules'],
    ['frobnicate', undefined],
  ];
  for (const [word, meant] of table) t.equal(meantCommand(word, commands), meant, word);
  for (const word of Object.keys(commandMeanings)) {
    const [name] = meantCommand(word, commands)?.split(' ') ?? ['check'];
    t.ok(named(name!), `${word} leads to a command`);
  }
  t.end();
});

t.test('a value likewise', (t) => {
  const option = (flag: string) => run.options.find(({ flags }) => flags.includes(flag))!;
  t.equal(meantValue('jsno', option('--output '), run, commands), 'did you mean json?');
  t.equal(meantValue('text', option('--output '), run, commands), 'did you mean table?');
  t.equal(meantValue('k8s', option('--input-format'), run, commands), 'did you mean kubectl?');
  t.equal(
    meantValue('prometheus', option('--output '), run, commands),
    'did you mean --metrics-addr HOST:PORT?',
  );
  for (const [command, value, meant] of [
    ['audit', 'duration', 'time'],
    ['usage', 'latest', 'last'],
    ['usage', 'count', 'sessions'],
    ['audit', 'from', 'start'],
  ] as const) {
    const asked = named(command)!;
    const sort = asked.options.find(({ flags }) => flags.includes('--sort'))!;
    t.equal(meantValue(value, sort, asked, commands), `did you mean ${meant}?`, `${command} --sort ${value}`);
  }
  t.equal(meantValue('zzz', option('--output '), run, commands), '');
  t.end();
});
