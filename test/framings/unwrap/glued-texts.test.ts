import t from 'tap';
import { firstText, seemsToHoldAnother } from '../../../lib/framings/unwrap/glued-texts.ts';

t.test('records whose line end became another control byte', async (t) => {
  const record = '2024-04-01T13:37:06.123456Z  INFO a::b: x';
  /** Where the second one begins; -1 without one. */
  const at = (text: string): number => {
    const line = Buffer.from(text);
    const { rest } = firstText(line);
    return rest === undefined ? -1 : rest.byteOffset - line.byteOffset;
  };
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

t.test('what looks like another record in the text of one', async (t) => {
  const record = '2024-04-01T13:37:06.123456Z  INFO a::b: x';
  const holds = (text: string): boolean => seemsToHoldAnother(Buffer.from(text));
  for (const own of [record, `  ${record}`, record.replace(/^\S+Z/, '\x1b[2m$&\x1b[0m')]) {
    t.notOk(holds(own), own);
    for (const between of [' ', '  ', '\\n', '\\r\\n', ' said: '])
      t.ok(holds(own + between + record), own + between);
    t.ok(holds(`${own} ${record.replace('INFO a::b: x', 'INFO span{id=1}: a: x')}`));
    for (const between of ['', '"', '(', '='])
      t.notOk(holds(own + between + record), `${own}${between}: no place where a line end was lost`);
    for (const no of [
      '2024-04-01T13:37:06Z',
      '2024-04-01T13:37:06Z  INFO',
      'Z  INFO a: b',
      `${record}`.slice(0, -4),
    ])
      t.notOk(holds(`${own} ${no}`), no);
  }
});
