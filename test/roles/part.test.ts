import t from 'tap';
import { decodePart, encodePart } from '../../lib/roles/part.ts';

t.test('a part comes back as it was', async (t) => {
  const about = { measuring: 'abc', shares: 4, marks: { 'in/0': 1.5, 'in/1': null }, next: 7 };
  const sections = new Map([['metrics', Buffer.from([0])]]);
  const part = decodePart(encodePart({ about, sections }));
  t.same(part.about, about);
  t.same(Buffer.from(part.sections.get('metrics')!), Buffer.from([0]));
});

t.test('other bytes are told', async (t) => {
  t.throws(() => decodePart(Buffer.from([])), /does not say/);
  t.throws(() => decodePart(Buffer.from('{"timestamp":"2024"}')), /it /);
});
