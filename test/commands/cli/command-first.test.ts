import t from 'tap';
import { commandFirst } from '../../../lib/commands/cli/command-first.ts';
import { commands } from '../../../lib/commands/cli/commands.ts';

const put = (line: string) => commandFirst(line.split(' '), commands).join(' ');

t.test('options that stand before a command are that command’s', async (t) => {
  t.equal(put('-q usage a.log'), 'usage -q a.log');
  t.equal(put('--since 1h usage --top 3 a.log'), 'usage --since 1h --top 3 a.log');
  t.equal(put('--since=1h -c usage -qf audit a.log'), 'audit --since=1h -c usage -qf a.log');
  t.equal(put('-cusage audit'), 'audit -cusage');
  t.equal(put('--help check'), 'check --help');
});

t.test('what is no option before a command stays where it is', async (t) => {
  for (const line of [
    'usage -q a.log',
    '-q a.log',
    '-o json',
    '-c usage',
    '--state usage a.log',
    '-q -- usage',
    '- usage',
    'a.log usage',
    '--nonsense usage',
    '-qz usage',
    '-V usage',
  ])
    t.equal(put(line), line);
});
