import t from 'tap';
import { withFullHeader } from '../../lib/tracing/text/header.ts';

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
