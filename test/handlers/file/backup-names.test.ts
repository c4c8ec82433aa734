import t from 'tap';
import { backupPath, backupTime, surplus } from '../../../lib/handlers/file/backup-names.ts';

const time = Date.UTC(2022, 5, 7, 18, 50, 44, 568);

t.test('the time of a backup stands before the last dot of the name', async (t) => {
  t.equal(backupPath('/var/log/name.log', time), '/var/log/name-2022-06-07T18-50-44.568.log');
  t.equal(backupPath('name.a.log', time), 'name.a-2022-06-07T18-50-44.568.log');
  t.equal(backupPath('logs.d/events', time), 'logs.d/events-2022-06-07T18-50-44.568');
  t.equal(backupPath('.events', time), '-2022-06-07T18-50-44.568.events');
});

t.test('only the names of backups are taken for backups', async (t) => {
  const of = (name: string) => backupTime('logs/name.log', name);
  t.equal(of('name-2022-06-07T18-50-44.568.log'), time);
  t.equal(of('name-2022-06-07T18-50-44,568.log.gz'), time);
  for (const name of [
    'name.log',
    'name.log.1',
    'name-foo.log',
    'other-2022-06-07T18-50-44.568.log',
    'name-2022-06-07T18-50-44.log',
    'name-2022-06-07T18-50-44.568123.log',
    'name-2022-06-07T18-50-44.568',
    'name-2022-13-07T18-50-44.568.log',
    'name-2022-02-30T18-50-44.568.log',
    'xname-2022-06-07T18-50-44.568.log',
  ]) {
    t.equal(of(name), undefined, name);
  }
});

t.test('the oldest by name go', async (t) => {
  const names = [
    'e-2022-06-07T18-50-44.568.log',
    'e-2021-06-07T18-50-44.568.log.gz',
    'e-2023-06-07T18-50-44.568.log',
    'e.log',
  ];
  t.strictSame(surplus('d/e.log', names, 1), [
    'd/e-2022-06-07T18-50-44.568.log',
    'd/e-2021-06-07T18-50-44.568.log.gz',
  ]);
  t.strictSame(surplus('d/e.log', names, 3), []);
  t.strictSame(surplus('d/e.log', names, 0), []);
});
