import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { start } from '../helpers/program.ts';

const record = (k: number): string =>
  `${JSON.stringify({ timestamp: new Date().toISOString(), level: 'INFO', fields: { message: `m${k}` }, target: 't' })}\n`;

t.test('several files are followed at once, through a rotation, until a signal', async (t) => {
  const cwd = t.testdir({ 'a.log': record(0), 'b.log': record(1) });
  const child = start(['-f', 'a.log', 'b.log', '-o', 'logs', '--ledger', 'ledger.json'], { cwd });
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  const ended = once(child, 'exit');
  const messages = (): string[] => [...out.matchAll(/"message":"(m\d+)"/g)].map((match) => match[1]!);
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; messages().length < count && tries < 1000; tries++) await delay(10);
  };
  await until(2);
  const half = record(2);
  appendFileSync(join(cwd, 'a.log'), half.slice(0, 20));
  appendFileSync(join(cwd, 'b.log'), record(3));
  await until(3);
  appendFileSync(join(cwd, 'a.log'), half.slice(20));
  renameSync(join(cwd, 'b.log'), join(cwd, 'b.log.1'));
  appendFileSync(join(cwd, 'b.log.1'), record(4));
  writeFileSync(join(cwd, 'b.log'), record(5));
  await until(6);
  child.kill('SIGTERM');
  t.equal((await ended)[0], 143);
  t.same(messages().sort(), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
  const { read, rejected } = JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'));
  t.same([read.records, rejected.total], [6, 0]);
});
