import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

const good =
  '{"timestamp":"2024-04-01T13:37:00Z","level":"INFO","fields":{"message":"Session Start"},"target":"mirrord"}';
const long = `{"level":"INFO","message":"${'x'.repeat(3000)}"}`;
const deep = `{"level":"INFO","a":${'['.repeat(60)}${']'.repeat(60)}}`;

/** Every kind of invalid line, good ones between them. */
const lines: [line: Uint8Array, reason: string | undefined][] = [
  [Buffer.from(good), undefined],
  [Buffer.from('{"level":"INFO",}'), 'invalid-json'],
  [Buffer.from('plain text'), 'invalid-json'],
  [Buffer.from(good), undefined],
  [Buffer.from(''), undefined],
  [Buffer.from('   '), undefined],
  [Buffer.from('[1,2]'), 'not-an-object'],
  [Buffer.from('"text"'), 'not-an-object'],
  [Buffer.from('null'), 'not-an-object'],
  [Buffer.from('{"a":1} {"b":2}'), 'invalid-json'],
  [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'invalid-utf8'],
  [Buffer.from(good.replace('Start', 'Stärt')), undefined],
  [Buffer.from(long), 'too-long'],
  [Buffer.from(deep), 'too-deep'],
  [Buffer.from('{"level":"IN\u0000FO"}'), 'invalid-json'],
  [Buffer.from('{"a":"\\ud800"}'), undefined],
  [Buffer.from(`${good}\r`), undefined],
  [Buffer.from('{"level":'), 'invalid-json'],
];

t.test('each has its exact place and reason, all others are counted', async (t) => {
  const config = join(folder, 'limits.yml');
  await writeFile(config, 'input: { maxRecordBytes: 2000, maxDepth: 50 }\n');
  const log = Buffer.concat(
    lines.flatMap(([line], k) => (k < lines.length - 1 ? [line, Buffer.from('\n')] : [line])),
  );
  const [letters, ledger] = [join(folder, 'dead.ndjson'), join(folder, 'ledger.json')];
  const args = ['-c', config, '-i', 'ndjson', '-o', 'json', '--dead-letters', letters, '--ledger', ledger];
  const run = await mirrormon(args, { stdin: log });
  t.equal(run.status, 0, run.stderr);

  const expected: unknown[] = [];
  let offset = 0;
  for (const [line, reason] of lines) {
    if (reason !== undefined) expected.push({ input: '-', offset, length: line.length, reason });
    offset += line.length + 1;
  }
  const written = (await readFile(letters, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));
  t.same(
    written.map(({ text, ...place }) => place),
    expected,
  );
  t.equal(written[0].text, '{"level":"INFO",}');
  t.equal(written.find(({ reason }) => reason === 'invalid-utf8').text, '{"\ufffd":1}');
  t.equal(written.find(({ reason }) => reason === 'too-long').text, long.slice(0, 1024));

  const books = JSON.parse(await readFile(ledger, 'utf8'));
  const readable = lines.filter(
    ([line, reason]) => reason === undefined && line.toString().trim() !== '',
  ).length;
  t.equal(books.read.records, readable + expected.length);
  t.equal(books.read.bytes, log.length);
  t.equal(books.rejected.total, expected.length);
  t.equal(books.selected + books.filtered + books.rejected.total, books.read.records);
  t.equal(books.other, 1, 'the object of no kind');
  t.equal((await mirrormon([...args, '--strict'], { stdin: log })).status, 3);
});

t.test('a log without a fault passes --strict', async (t) => {
  const { status } = await mirrormon(['-o', 'none', '--strict'], { stdin: `${good}\n\n${good}` });
  t.equal(status, 0);
});

t.test('dead letters that cannot be written are said before anything is read', async (t) => {
  const { status, stderr } = await mirrormon(['--dead-letters', join(folder, 'no', 'such', 'x.ndjson')], {
    stdin: good,
  });
  t.equal(status, 1);
  t.match(stderr, /no.such.x\.ndjson: cannot write dead letters: no such file or folder/);
});

t.test(
  'a run goes on without, and its books are true, where they cannot be written',
  { skip: !existsSync('/dev/full') },
  async (t) => {
    const log = `${good}\nno record\n`.repeat(20_000);
    const ledger = join(folder, 'full.json');
    const run = await mirrormon(['-o', 'json', '--dead-letters', '/dev/full', '--ledger', ledger], {
      stdin: log,
    });
    t.equal(run.status, 1);
    t.match(run.stderr, /warning: \/dev\/full: cannot write dead letters: .*; further ones are counted only/);
    t.notMatch(run.stderr, /bug/);
    const { read, rejected, handlers } = JSON.parse(await readFile(ledger, 'utf8'));
    t.equal(read.records, 40_000);
    t.equal(rejected.total, 20_000);
    t.ok(handlers.stdout.events.delivered > 0);
    t.equal(handlers.stdout.events.delivered, handlers.stdout.events.selected);
  },
);
