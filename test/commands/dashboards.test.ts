import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { parse } from 'yaml';
import { dashboards } from '../../lib/commands/dashboards.ts';
import { dashboardNames } from '../../lib/dashboards/dashboard-names.ts';
import { mirrormon } from '../helpers/program.ts';

async function printed(name: string): Promise<string> {
  const stdout = new PassThrough();
  const output = text(stdout);
  t.equal(await dashboards(name, stdout), 0);
  stdout.end();
  return output;
}

t.test('prints what each system imports, the same in every process', async (t) => {
  for (const name of Object.keys(dashboardNames)) {
    const { status, stdout, stderr } = await mirrormon(['dashboards', name]);
    t.equal(status, 0, name);
    t.equal(stderr, '');
    t.ok(stdout === (await printed(name)), `${name} is deterministic`);
    t.ok(stdout.endsWith('\n'));
    if (name === 'prometheus-rules') t.type(parse(stdout).groups, Array);
    else if (name === 'kibana')
      for (const line of stdout.trimEnd().split('\n')) t.type(JSON.parse(line), Object);
    else t.type(JSON.parse(stdout), Object);
  }
});

t.test('a wrong name is a usage error that says what was meant', async (t) => {
  await t.rejects(dashboards('grafna', new PassThrough()), {
    code: 'USAGE',
    message: "there is no dashboard 'grafna'",
    hint: "did you mean 'mirrormon dashboards grafana'?",
  });
  await t.rejects(dashboards('excel', new PassThrough()), {
    code: 'USAGE',
    hint: 'there are grafana, grafana-loki, datadog, kibana, kibana-template, prometheus-rules',
  });
  await t.rejects(dashboards('toString', new PassThrough()), { code: 'USAGE' });
  const { status, stdout, stderr } = await mirrormon(['dashboards', 'kibbana']);
  t.equal(status, 2);
  t.equal(stdout, '');
  t.equal(
    stderr,
    "mirrormon: there is no dashboard 'kibbana'; did you mean 'mirrormon dashboards kibana'?\n",
  );
});

t.test('the help names all of them', async (t) => {
  const { status, stdout } = await mirrormon(['dashboards', '--help']);
  t.equal(status, 0);
  for (const name of Object.keys(dashboardNames))
    t.match(stdout.replace(/\s+/g, ' '), new RegExp(`\\b${name}\\b`));
});

t.test('a reader that has enough ends it quietly, a full disk does not', async (t) => {
  const failing = (code: string): Writable =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
  t.equal(await dashboards('grafana', failing('EPIPE')), 0);
  await t.rejects(dashboards('grafana', failing('ENOSPC')), { code: 'ENOSPC' });
});
