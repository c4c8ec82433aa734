import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { commands } from '../../../lib/commands/cli/commands.ts';
import { completion } from '../../../lib/commands/cli/completion.ts';
import { help } from '../../../lib/commands/cli/help.ts';
import { exitStatuses, flagsOf } from '../../../lib/commands/cli/spec.ts';
import { mirrormon } from '../../helpers/program.ts';

t.test(
  'help names every option, three examples, the environment and the exit statuses, within 80 columns',
  (t) => {
    for (const command of commands) {
      const text = help(command.name, commands);
      const shown = command.options.filter(({ hidden }) => !hidden);
      for (const flag of shown.flatMap(flagsOf)) t.ok(text.includes(flag), `${command.name} ${flag}`);
      for (const line of text.split('\n')) if (line.length > 80) t.fail(`${command.name}: ${line}`);
      for (const example of command.examples) t.ok(text.includes(example), example);
      for (const [status] of exitStatuses) t.ok(text.includes(`\n  ${status} `), `${command.name} ${status}`);
    }
    t.equal(commands[0]!.examples.length, 3);
    t.match(help(undefined, commands), /\nEnvironment\n/);
    t.throws(() => help('chek', commands), /there is no help on 'chek'/);
    t.end();
  },
);

t.test(
  'help, version and their options agree; a wrong word, option or value says what was meant',
  async (t) => {
    t.equal((await mirrormon(['help'])).stdout, (await mirrormon(['--help'])).stdout);
    t.equal((await mirrormon(['help', 'check'])).stdout, (await mirrormon(['check', '--help'])).stdout);
    t.equal((await mirrormon(['version'])).stdout, (await mirrormon(['--version'])).stdout);
    const table: [args: string[], says: RegExp][] = [
      [['frobnicate'], /neither a command nor a file 'frobnicate'; 'mirrormon --help' lists/],
      [['dashboards', 'grafana', 'more'], /'mirrormon dashboards' takes 1 argument, and there are 2; see/],
      [['generate', 'more'], /'mirrormon generate' takes no argument, and there is 1; see/],
      [['a.log', 'usage'], /'usage' is a command, and there is no file of that name; a command comes first/],
      [['--report', 'x.html', 'usage', 'a.log'], /unknown option '--report'/],
      [['a.log', 'nofile'], /neither a command nor a file 'nofile'/],
      [['a.log', ''], /the name of a file is empty; is a variable of the shell not set\?/],
      [
        ['http://a.example/metrics'],
        /'http:.*' is a URL, not a file; '--scrape URL' reads a Prometheus endpoint/,
      ],
      [['--quiet=yes'], /option '--quiet' takes no value; write --quiet alone/],
      [['-help'], /unknown option '-help'; did you mean --help\?/],
      [['-l', 'app=x'], /unknown option '-l'; 'mirrormon --help' lists all options/],
      [['check', '--prin', 'x.yml'], /unknown option '--prin'; did you mean --print\?/],
      [['-o', 'jsno'], /'jsno' is invalid; did you mean json\? it is one of summary, table/],
      [['check'], /missing required argument 'file'; see 'mirrormon check --help'/],
      [['completion', 'tcsh'], /no completions for 'tcsh'; there are for bash, zsh and fish/],
    ];
    for (const [args, says] of table) {
      const { status, stdout, stderr } = await mirrormon(args);
      t.equal(status, 2, args.join(' '));
      t.equal(stdout, '');
      t.match(stderr, says);
    }
  },
);

t.test('bash completes commands, options, and values, as bash itself says', (t) => {
  const script = completion('bash', commands);
  // Files complete too, so the words are asked for where there is none.
  const cwd = t.testdir();
  const complete = (...words: string[]): string[] => {
    const run = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _mirrormon; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, status, stderr } = spawnSync('bash', ['-c', run], { encoding: 'utf8', cwd });
    t.equal(status, 0, stderr);
    return stdout.trim().split('\n');
  };
  t.same(complete('mirrormon', 'che'), ['check']);
  t.same(complete('mirrormon', '--dead'), ['--dead-letters']);
  t.same(complete('mirrormon', '-o', 'js'), ['json']);
  t.same(complete('mirrormon', 'check', '--st'), ['--strict']);
  t.same(complete('mirrormon', 'completion', 'f'), ['fish']);
  t.same(complete('mirrormon', 'usage', '--by', 'us'), ['user']);
  t.same(complete('mirrormon', '-q', 'usage', '--comp'), ['--compare'], 'a command may stand behind options');
  t.same(complete('mirrormon', '-o', 'json', '--sort', '=', 'time', 'expl'), ['explain']);
  t.same(complete('mirrormon', '-o', '=', 'js'), ['json']);
  t.same(complete('mirrormon', 'usage', '--format', '='), ['table', 'json', 'csv', 'markdown']);
  t.same(complete('mirrormon', 'a.log', 'expl'), [''], 'and not behind a file');
  t.end();
});

t.test('zsh and fish take their scripts, where they are installed', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-'));
  for (const shell of ['zsh', 'fish']) {
    const script = completion(shell, commands);
    for (const { name } of commands) t.ok(script.includes(name), `${shell} knows ${name}`);
    const file = join(folder, shell);
    writeFileSync(file, script);
    const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    if (error === undefined) t.equal(status, 0, stderr);
  }
  rmSync(folder, { recursive: true });
  t.end();
});

t.test('the manual page names every command and option', (t) => {
  const page = help('man', commands);
  for (const { name, options } of commands) {
    t.ok(page.includes(name));
    for (const { flags, hidden } of options)
      t.ok(hidden || page.includes(flags.replaceAll('-', '\\-')), flags);
  }
  for (const line of page.split('\n')) t.notMatch(line, /^'/);
  t.end();
});
