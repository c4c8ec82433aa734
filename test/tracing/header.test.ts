import t from 'tap';
import { gluedAt, withFullHeader } from '../../lib/tracing/text/header.ts';

const full = (line: string): string | undefined => withFullHeader(Buffer.from(line))?.toString();

t.test('headers that are nearly those of the full layout', async (t) => {
  for (const [line, expected] of [
    [
      '[2026-01-01T00:00:00Z INFO  a::b] Session Start id=1',
      '2026-01-01T00:00:00Z  INFO a::b: Session Start id=1',
    ],
    ['[2026-01-01T00:00:00.123Z ERROR a] x', '2026-01-01T00:00:00.123Z ERROR a: x'],
    ['[2026-01-01T00:00:00Z WARN] x', '2026-01-01T00:00:00Z  WARN x'],
    ['2026-01-01 00:00:00.5Z  INFO a::b: x', '2026-01-01T00:00:00.5Z  INFO a::b: x'],
    ['2026-01-01 00:00:00,123 DEBUG a: x', '2026-01-01T00:00:00.123Z DEBUG a: x'],
    ['2026-01-01T00:00:00 +0200 INFO a::b: x', '2026-01-01T00:00:00+02:00  INFO a::b: x'],
    ['2026-01-01 00:00:00 UTC INFO span{id=1}: a: x', '2026-01-01T00:00:00Z  INFO span{id=1}: a: x'],
  ] as const)
    t.equal(full(line), expected);
});

t.test('what is none of them', async (t) => {
  for (const line of [
    '[2026-01-01T00:00:00Z] INFO a: x',
    '2026-01-01 00:00:00 INFO Started in 3 s',
    '2026-01-01 00:00:00 INFO',
    '[INFO] a: x',
    '2026-01-01 INFO a: x',
    'x 2026-01-01 00:00:00 INFO a: x',
    '',
  ])
    t.equal(full(line), undefined, line);
});

t.test('records whose line end became another control byte', async (t) => {
  const record = '2024-04-01T13:37:06.123456Z  INFO a::b: x';
  const at = (text: string): number => gluedAt(Buffer.from(text));
  t.equal(at(record), -1);
  t.equal(at(`  ${record}`), -1, 'the pretty layout');
  t.equal(at(`${record}\r${record}`), record.length + 1);
  t.equal(at(`${record} id=1\0${record}`), record.length + 6);
  t.equal(at(`${record} text="\\""\r${record}`), record.length + 11, 'behind a text');
  t.equal(at(`${record} text="\r${record}"`), -1, 'a text that quotes one');
  t.equal(at('ERROR Z ERROR x'), -1);
  for (const between of ['', ' ', '\\n', '\\r', ': '])
    t.equal(at(record + between + record), -1, 'a message says what it likes, and is no record');
});
