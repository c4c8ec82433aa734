import t from 'tap';
import { Focus } from '../../../../lib/handlers/stdout/summary/focus.ts';
import type { Section, SectionName } from '../../../../lib/handlers/stdout/summary/sections.ts';

const section = (name: SectionName, rows: number): Section => ({
  name,
  rows,
  wanted: 4,
  lines: () => [],
  linesFrom: () => [],
});
const sections = [section('users', 30), section('ports', 3), section('modules', 8)];

t.test('tab goes from all sections through each of them and back, and escape leaves', async (t) => {
  const focus = new Focus();
  t.equal(focus.of(sections, 10), undefined);
  const seen = ['tab', 'tab', 'tab', 'tab', 'back tab', 'escape'].map((key) => {
    t.ok(focus.press(key));
    return focus.of(sections, 10)?.section.name;
  });
  t.same(seen, ['users', 'ports', 'modules', undefined, 'modules', undefined]);
});

t.test('rows are gone through line by line and page by page, never beyond the last page', async (t) => {
  const focus = new Focus();
  focus.of(sections, 10);
  focus.press('tab');
  const from = (...keys: string[]) => {
    for (const key of keys) t.ok(focus.press(key), key);
    return focus.of(sections, 10)!.from;
  };
  t.equal(from(), 0);
  t.equal(from('up'), 0);
  t.equal(from('down', 'j'), 2);
  t.equal(from('page down'), 11, 'a line of the page before stays in sight');
  t.equal(from('end'), 20);
  t.equal(from('page down', 'down'), 20);
  t.equal(from('k'), 19);
  t.equal(from('page up'), 10);
  t.equal(from('home'), 0);
  t.equal(from('end', 'tab', 'back tab'), 0, 'each section begins at its top');
});

t.test('keys that it does not know, or not while all is shown, are left to others', async (t) => {
  const focus = new Focus();
  focus.of(sections, 10);
  t.notOk(focus.press('down'));
  t.notOk(focus.press('escape'));
  focus.press('tab');
  t.notOk(focus.press('x'));
});

t.test('a screen without room for a row, and a section that grows', async (t) => {
  const focus = new Focus();
  focus.of(sections, 10);
  focus.press('tab');
  t.equal(focus.of(sections, 1)!.from, 0);
  focus.press('page down');
  t.equal(focus.of(sections, 1)!.from, 1, 'a page is one row at least');
  focus.press('end');
  t.equal(focus.of([section('users', 500)], 10)!.from, 490);
});
