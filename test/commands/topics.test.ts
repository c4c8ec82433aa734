import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { commands } from '../../lib/commands/cli/commands.ts';
import { help, topicNames } from '../../lib/commands/cli/help.ts';
import { framingMeanings, topics } from '../../lib/commands/topics.ts';
import { configTable } from '../../lib/config/settings-table.ts';
import { metricsTable } from '../../lib/dashboards/metrics-table.ts';
import { framings } from '../../lib/framings/detect/index.ts';
import { handlerTypes } from '../../lib/handlers/handler-specs.ts';
import { root } from '../helpers/root.ts';

/** The cells of a Markdown table, row by row, without its head. */
function cellsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
    );
}

for (const [name, file, table] of [
  ['settings', 'lib/config/README.md', configTable()],
  ['metrics', 'lib/systems/README.md', metricsTable()],
] as const) {
  t.test(`${file} has the ${name} as they are; help ${name} tells the same`, async (t) => {
    const path = join(root, file);
    let text = readFileSync(path, 'utf8');
    const marked = new RegExp(`(<!-- ${name} -->\n)(.*?)(<!-- /${name} -->)`, 's');
    const current = `${table.trim()}\n`;
    if (process.env.MIRRORMON_UPDATE === '1') {
      text = text.replace(marked, (_, begin, _old, end) => `${begin}${current}${end}`);
      writeFileSync(path, text);
    }
    const written = marked.exec(text)?.[2] ?? '';
    t.ok(written === current, `renew it with MIRRORMON_UPDATE=1 npm test`);
    const told = topics[name]!();
    let from = 0;
    for (const cells of cellsOf(written).slice(1)) {
      for (const cell of cells) {
        const at = told.indexOf(cell, from);
        if (at < 0 && told.indexOf(cell) < 0) t.fail(`help ${name} lacks ${cell}`);
        if (at >= 0 && cell.length > 8) from = at;
      }
    }
    t.ok(cellsOf(written).length > 20);
  });
}

t.test('inputs are all that there are', async (t) => {
  t.same(Object.keys(framingMeanings).sort(), [...framings].sort());
  const told = topics.inputs!();
  for (const name of framings) t.ok(told.includes(`${name}\n`), name);
});

t.test('outputs and statuses', async (t) => {
  const outputs = topics.outputs!();
  for (const type of handlerTypes) t.match(outputs, new RegExp(`^${type}$`, 'm'));
  t.match(outputs, /onError: wait, fail, drop/);
  t.match(topics.statuses!(), /^3\n {4}Means: with --strict/m);
});

t.test('a topic that there is not', async (t) => {
  t.throws(() => help('setings', commands), {
    code: 'USAGE',
    hint: "did you mean 'mirrormon help settings'?",
  });
  t.throws(() => help('zzzzzz', commands), { code: 'USAGE', hint: /settings/ });
  t.same([...Object.keys(topics), 'man'], topicNames);
});
