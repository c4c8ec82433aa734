import t from 'tap';
import { alignedLines, bar } from '../../lib/text/aligned.ts';
import { shortened } from '../../lib/text/cut-apart.ts';
import { widthOf } from '../../lib/text/display.ts';
import { paintOf } from '../../lib/text/paint.ts';

const paint = paintOf(false);

t.test('columns are as wide as what is in them, and those that say nothing are left out', async (t) => {
  const columns = [
    { title: 'NAME', align: 'left', cells: ['a', '名前'], isName: true },
    { title: 'NONE', align: 'left', cells: ['', ''] },
    { title: 'N', align: 'right', cells: ['1', '10'] },
  ] as const;
  t.same(alignedLines(columns, { width: undefined, paint }), ['NAME   N', 'a      1', '名前  10']);
});

t.test(
  'a narrow terminal goes without what is dispensable, then names are shortened and stay different',
  async (t) => {
    const names = ['a', 'b', 'c'].map((letter) => `${'x'.repeat(300)}${letter}${'y'.repeat(300)}`);
    const columns = [
      { title: 'USER', align: 'left', cells: names, isName: true },
      { title: 'FIRST', align: 'left', cells: names.map(() => '2024-04-01 13:37'), dispensable: 2 },
      { title: 'P50', align: 'right', cells: ['1s', '2s', '3s'], dispensable: 1 },
      { title: 'SHARE', align: 'left', cells: [], shares: [1, 0.5, 0] },
    ] as const;
    for (const width of [200, 80, 40, 24]) {
      const lines = alignedLines(columns, { width, paint });
      for (const line of lines) if (widthOf(line) > width) t.fail(`${width}: ${line}`);
      t.equal(new Set(lines).size, lines.length, `${width}: rows differ`);
      if (width === 24) t.notMatch(lines[0], /FIRST/);
      if (width === 200) t.match(lines[0], /FIRST .*P50/);
    }
  },
);

t.test('where no name can be shorter, the last columns go, and no line is broken', async (t) => {
  const columns = [
    { title: 'CLIENT_USER', align: 'left', cells: ['someone@corp', 'another@corp'], isName: true },
    { title: 'TARGET', align: 'left', cells: ['deployment/web', 'deployment/api'], isName: true },
    { title: 'SESSIONS', align: 'right', cells: ['12', '3'] },
    { title: 'TIME', align: 'right', cells: ['1h18m', '46m45s'] },
  ] as const;
  for (const width of [40, 30, 24, 15, 8, 3]) {
    const lines = alignedLines(columns, { width, paint });
    for (const line of lines) if (widthOf(line) > width) t.fail(`${width}: ${line}`);
    if (width === 30)
      t.match(lines[0], /^CLIE…USER +TARGET +SESSIONS$/, 'titles are cut as their columns are');
    if (width === 40) t.match(lines[1], /12 +1h18m$/);
  }
});

t.test('different texts stay different', async (t) => {
  const texts = ['deployment/checkout-service-a-of-team', 'deployment/checkout-service-b-of-team', 'short'];
  const short = shortened(texts, 14);
  t.equal(new Set(short).size, 3);
  for (const text of short) t.ok(widthOf(text) <= 14, text);
  t.same(shortened(['same', 'same'], 2), ['s…', 's…']);
});

t.test('bars', async (t) => {
  t.same([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(2, 4), bar(1e-9, 4)], ['', '██', '████', '████', '▏']);
});
