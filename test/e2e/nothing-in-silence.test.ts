import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { mirrormon } from '../helpers/program.ts';

const record = (message: string, fields: object = {}, more: object = {}): string =>
  `${JSON.stringify({ timestamp: '2026-08-01T00:00:00Z', level: 'INFO', fields: { message, ...fields }, target: 'operator_session::session', ...more })}\n`;
const good = record('Session Start', { session_id: 's', client_user: 'ann@corp' });

async function read(t: Test, content: string | Buffer, args: readonly string[] = []) {
  const cwd = t.testdir({ 'a.log': content as string });
  const { status, stderr } = await mirrormon(['-o', 'none', ...args, 'a.log'], { cwd });
  return { status, stderr };
}

t.test('an input of which nothing could be read fails and says what it looked like', async (t) => {
  const { status, stderr } = await read(t, 'hello\nwor\u001b[2Jld\n');
  t.equal(status, 1);
  t.match(
    stderr,
    'a.log: could not read any of its 2 records; it was read as ndjson, one JSON record a line',
  );
  t.match(stderr, 'the first that does not fit, at byte 0 (invalid-json), is: hello;');
  t.match(stderr, 'no -i and no --records reads its beginning any better');
  const binary = await read(t, Buffer.from(Array.from({ length: 3000 }, (_, k) => (k * 7) % 256)));
  t.equal(binary.status, 1);
  t.match(
    binary.stderr,
    /could not read any of its \d+ records: it is binary data, no text; name the log itself/,
  );
  const program = await read(t, Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(500, 1)]));
  t.match(program.stderr, 'could not read its one record: it is a program (ELF), no text');
  t.notMatch(binary.stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, 'and never writes to the terminal');
  t.equal((await read(t, 'hello\n', ['--strict'])).status, 3);
});

t.test('the option that would read it is found by trying', async (t) => {
  const wrapped = `${JSON.stringify({ batch: { entries: [JSON.parse(good), JSON.parse(good)] } })}\n`;
  const exported = await read(t, wrapped);
  t.match(exported.stderr, /try --records 'batch(\.entries)?', which understands 2 of the first 2 records/);
  const wrong = await read(t, '# TYPE a counter\na_total 1\nb_total 2\n', ['-i', 'ndjson']);
  t.match(wrong.stderr, 'it was read as ndjson, as -i says');
  t.match(wrong.stderr, 'try -i exposition, which understands 2 of the first 2 records');
});

t.test('more than half rejected, nothing of a known kind, nothing at all', async (t) => {
  const half = await read(t, `${good}x\ny\n`);
  t.equal(half.status, 0);
  t.match(half.stderr, /warning: a\.log: more than half of it was not understood, 2 of 3 records; .* is: x;/);
  t.notMatch((await read(t, `${good}${good}y\n`)).stderr, /warning/);
  const foreign = await read(t, '{"time":"2026-01-01T00:00:00Z","msg":"x"}\n');
  t.equal(foreign.status, 0);
  t.match(foreign.stderr, /warning: a\.log: nothing came of its 1 record: .*; the first is: \{"time":/);
  const empty = await read(t, '');
  t.same([empty.status, empty.stderr.split('\n')[0]], [0, 'mirrormon: warning: a.log: it is empty']);
  t.match((await read(t, '\n \n')).stderr, 'there is nothing but blank lines in it');
  t.equal((await read(t, '', ['-q'])).stderr, '');
});

t.test('a path that leads to no record, a document without any, a text that is not UTF-8', async (t) => {
  const astray = await read(t, `{"items":[${good}]}`, ['--records', 'x.y']);
  t.match(astray.stderr, "--records 'x.y' leads to no record in it; ");
  t.match(astray.stderr, "try --records 'items', which understands 1 of the first 1 records");
  t.match((await read(t, '{"data":{"result":[]}}')).stderr, 'there is no record in it');
  const latin = Buffer.from(record('caf\u00e9').repeat(2), 'latin1');
  t.match((await read(t, latin)).stderr, 'its text is not UTF-8: convert it first, such as by iconv -f');
});

t.test('records without a time, and records that are all in the future', async (t) => {
  const timeless = await read(t, `${record('a', {}, { timestamp: undefined })}${good}`);
  t.match(timeless.stderr, /warning: 1 record has no time of its own, so it counts/);
  const future = await read(t, record('a', {}, { timestamp: '2999-01-01T00:00:00Z' }).repeat(2));
  t.match(future.stderr, /warning: all 2 records lie more than an hour ahead/);
  t.notMatch((await read(t, good)).stderr, /warning/);
  t.notMatch((await read(t, 'a_total 1\nb_total 2\n', ['-i', 'exposition'])).stderr, /no time/);
});

t.test('a subscription that selected nothing is told beside the nearest that there is', async (t) => {
  const cwd = t.testdir();
  const handler = (name: string, subscription: string): string =>
    `  ${name}: { subscriptions: [${subscription}], handler: { type: file, format: ${subscription.includes('logs') ? 'logs' : 'json'}, path: ${name}.log } }\n`;
  writeFileSync(
    join(cwd, 'c.yml'),
    `events:\n${[
      handler('all', '{ type: logs }'),
      handler('level', '{ type: logs, level: mirrord=info }'),
      handler('severity', '{ type: logs, level: error }'),
      handler('message', '{ type: logs, messageFilter: ^Sesion Start }'),
      handler('field', '{ type: logs, fieldFilter: { client_usr: . } }'),
      handler('value', '{ type: logs, fieldFilter: { client_user: "@home$" } }'),
      handler('both', '{ type: logs, messageFilter: Start, fieldFilter: { port: "80" } }'),
      handler('metric', '{ type: metrics, metricFilter: mirrord_sessions_crate_total }'),
      handler('circuits', '{ type: fabric.circuits }'),
    ].join('')}`,
  );
  const stdin = good.repeat(3) + record('Port Steal', { port: 80, session_id: 's' });
  const { status, stderr } = await mirrormon(['-c', 'c.yml'], { cwd, stdin });
  t.equal(status, 0);
  const said = (name: string): string | undefined =>
    new RegExp(`warning: handlers? ${name}:? (.*)`).exec(stderr)?.[1]?.replace('selected nothing: ', '');
  t.equal(said('all'), undefined);
  t.equal(
    said('level'),
    "no record is let through by level 'mirrord=info'; 4 records have target operator_session::session",
  );
  t.equal(said('severity'), "no record is let through by level 'error'; 4 records have level INFO");
  t.equal(
    said('message'),
    "no record has a message that matches '^Sesion Start'; 3 records have message Session Start",
  );
  t.equal(said('field'), "no record has a client_usr that matches '.', as none has it");
  t.equal(
    said('value'),
    "no record has a client_user that matches '@home$'; 3 records have client_user ann@corp",
  );
  t.equal(said('both'), 'each of its filters holds for some records, but never all of them for one');
  t.match(said('metric'), /crate_total'; the nearest metric is mirrord_sessions_create_total/);
  t.equal(
    said('circuits'),
    'what subscribes to fabric.circuits selected nothing, as no such record came; there are 4 log records',
  );
});

t.test('text records that seem to hold another are counted, and told of once', async (t) => {
  const text = (message: string) =>
    `2026-08-01T00:00:00.000001Z  INFO operator_session::session: ${message}\n`;
  const forged = text('x').trim();
  const plain = await read(t, text('a 2026-08-01T00:00:00Z b') + text('c'));
  t.notMatch(plain.stderr, 'warning: .*another');
  const first = text('a');
  const held = await read(t, first + text(`b ${forged}`) + text(`c\\n${forged}\\n${forged}`) + text('d'));
  t.equal(held.status, 0);
  t.match(
    held.stderr,
    `warning: 2 text records hold what looks like the beginning of another, the first at byte ${first.length} of a.log: each counts as one, since a message may hold anything; if line ends were lost, put them back first\n`,
  );
  t.match(held.stderr, '4 records read');
  const docker = `${JSON.stringify({ log: text(`b ${forged}`), stream: 'stdout', time: '2026-08-01T00:00:00Z' })}\n`;
  t.match(
    (await read(t, docker)).stderr,
    '1 text record holds what looks like the beginning of another, at byte 0 of',
  );
});

t.test('commands that answer tell of records without a time, too', async (t) => {
  const cwd = t.testdir({ 'a.log': good.replace(/"timestamp":"[^"]*",/, '') });
  for (const args of [['audit'], ['usage', '--by', 'user'], ['-o', 'none']])
    t.match(
      (await mirrormon([...args, 'a.log'], { cwd })).stderr,
      'warning: 1 record has no time of its own',
      args.join(' '),
    );
});
