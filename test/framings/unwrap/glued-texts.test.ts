import t from 'tap';
import { firstText } from '../../../lib/framings/unwrap/glued-texts.ts';

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
