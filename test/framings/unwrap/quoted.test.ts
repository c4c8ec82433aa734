import t from 'tap';
import { quotedRecord } from '../../../lib/framings/unwrap/quoted.ts';

const record =
  '{"timestamp":"2024-04-01T13:37:00Z","level":"INFO","fields":{"message":"a \\"b\\""},"target":"t"}';
const cell = `"${record.replaceAll('"', '""')}"`;
const quoted = (text: string) => quotedRecord(Buffer.from(text));

t.test('texts of JSON, and cells wherever they stand', async (t) => {
  t.same(quoted(JSON.stringify(record)), { text: record, start: 0 });
  t.same(quoted(cell), { text: record, start: 0 });
  t.same(quoted(`${cell}\r`), { text: record, start: 0 });
  t.same(quoted(`2024-04-01 13:37:00,${cell},op`), { text: record, start: 20 });
  t.same(quoted(`"Apr 1, 2024";${cell}`), { text: record, start: 14 });
});

t.test('by whichever rule quotes are written', async (t) => {
  const text = '2024-04-01T13:37:00.1Z  INFO t: m a="b" c=\'d\'';
  const json = JSON.stringify(record);
  t.same(quoted(`"{""app"":""op""}",1,${cell}`), { text: record, start: 21 }, 'behind another object');
  t.same(quoted(`level=info msg=${json} k=v`), { text: record, start: 15 });
  t.same(quoted(`"a","b",${json}`), { text: record, start: 8 });
  t.same(quoted(`[0] x: [1, {"log"=>${json}}]`), { text: record, start: 19 });
  t.same(quoted(`a,"${text.replaceAll('"', '""')}",b`), { text, start: 2 });
  t.same(quoted(`msg=${JSON.stringify(text)}`), { text, start: 4 });
  t.same(quoted(`textPayload: '${text.replaceAll("'", "''")}'`), { text, start: 13 });
});

t.test('what a record quotes is a part of it', async (t) => {
  const outer = JSON.stringify({ level: 'INFO', target: 't', fields: { message: record } });
  t.equal(quoted(`op-1 op ${outer}`), undefined);
});

t.test('nothing else', async (t) => {
  const others = [
    '"x"',
    '"',
    '""',
    `${cell}x`,
    cell.slice(0, -1),
    '"{""a"":1}"',
    `x,"{""${'"'.repeat(99)}`,
    record,
  ];
  for (const text of others) t.equal(quoted(text), undefined, text);
  t.equal(quotedRecord(Buffer.from(cell.replace('a ', 'caf\u00e9 '), 'latin1')), undefined, 'no UTF-8');
});
