import t from 'tap';
import { matchLines, read, said } from './read.ts';

t.test('syntax errors have their place, and only the first is told', async (t) => {
  const cases: [name: string, text: string, said: RegExp][] = [
    [
      'a key twice',
      'metrics:\n  report: all\n  report: all\n',
      /^error c.yml:3:3: the key report .* second time/,
    ],
    ['a tab', 'metrics:\n\treport: all\n', /^error c.yml:2:1: a tab cannot indent/],
    ['an open quote', 'metrics:\n  report: "all\n', /^error c.yml:3:1: not valid YAML: missing closing/],
    ['an open bracket', 'x: [1,\ny: 2\n', /^error c.yml:2:1: not valid YAML/],
    ['uneven indentation', 'metrics:\n   report: all\n  sourceId: x\n', /^error c.yml:3:\d: not valid YAML/],
    ['a second colon', 'metrics: report: all\n', /^error c.yml:1:10: .*second colon/],
    ['a reserved character', 'x: @y\n', /^error c.yml:1:4: .*in quotes/],
    ['a second document', 'metrics: {}\n---\nmetrics: {}\n', /^error c.yml:3:1: a second YAML document/],
    ['a list', '- metrics\n', /^error c.yml:1:1: a configuration is a map/],
    ['a text', 'hello\n', /^error c.yml:1:1: a configuration is a map/],
    ['an unknown anchor', 'metrics: *nope\n', /^error c.yml:1:10: no anchor &nope/],
    ['an alias of itself', 'x: &a\n  y: *a\n', /^error c.yml:\d:\d+: an alias here contains itself/],
    ['a merge of a text', 'metrics:\n  <<: all\n', /^error c.yml:2:7: << can only merge maps/],
  ];
  for (const [name, text, expected] of cases) {
    const lines = said(await read(text));
    t.equal(lines.length, 1, `${name}: one line`);
    t.match(lines[0], expected, name);
  }
});

t.test('what aliases expand to is bounded', async (t) => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let k = 1; k < 12; k++)
    lines.push(
      `a${k}: &a${k} [${Array(10)
        .fill(`*a${k - 1}`)
        .join(', ')}]`,
    );
  matchLines(t, said(await read(lines.join('\n'))), [
    /more than 100000 values once its aliases are expanded/,
  ]);
});

t.test('nesting is bounded before anything recurses', async (t) => {
  for (const [name, text] of [
    ['lists', '['.repeat(20_000)],
    ['maps', '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(5000)],
    ['closed lists', '['.repeat(5000) + ']'.repeat(5000)],
  ] as const) {
    matchLines(t, said(await read(text)), [/nested more than 200 levels deep/], name);
  }
});

t.test('a file that is no configuration by its size is not parsed', async (t) => {
  matchLines(t, said(await read('#'.repeat((4 << 20) + 1))), [/^error c.yml:1:1: larger than 4 MiB/]);
});

t.test('many keys cost no more than their number', async (t) => {
  const keys = Array.from({ length: 20_000 }, (_, k) => `k${k}: 1\n`).join('');
  matchLines(t, said(await read(`${keys}k7: 1\n`)), [/^error c.yml:20001:1: the key k7 stands here/]);
});

t.test('harmless things are accepted', async (t) => {
  const cases: [name: string, text: string][] = [
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['one document with markers', '---\nmetrics: { report: changed }\n...\n'],
    ['documents without content', '---\n---\nmetrics: { report: changed }\n---\n'],
    ['a byte order mark and CRLF', '\uFEFFmetrics:\r\n  report: changed\r\n'],
    ['tags that nobody knows', 'x: !!js/function "f()"\ny: !ref { a: 1 }\nmetrics: { report: changed }\n'],
    ['keys of all kinds', '1: a\ntrue: b\n? [x]\n: c\n__proto__: { a: 1 }\n'],
  ];
  for (const [name, text] of cases) t.same(said(await read(text)), [], name);
  t.equal(({} as Record<string, unknown>).a, undefined, 'no prototype was touched');
});

t.test('anchors, aliases and merge keys mean what they mean elsewhere', async (t) => {
  const { config } = await read(`
x-base: &base { type: file, format: json, maxsizemb: 7 }
events:
  one: &one
    subscriptions: [{ type: metrics }]
    handler: { <<: *base, path: one.log }
  two:
    <<: *one
    handler: { <<: [{ maxsizemb: 9 }, *base], path: two.log }
`);
  t.match(config.handlers, [
    { name: 'one', path: 'one.log', maxsizemb: 7 },
    { name: 'two', path: 'two.log', maxsizemb: 9, subscriptions: [{ type: 'metrics' }] },
  ]);
});
