import t from 'tap';
import { LineFramer } from '../../lib/framings/line-framer.ts';
import { kubectlPrefix } from '../../lib/framings/prefix.ts';
import { collect } from './collect.ts';

const framer = (maxRecordBytes = 1000): LineFramer =>
  new LineFramer({ maxRecordBytes, prefix: kubectlPrefix });
const source = '[pod/mirrord-operator-6d5f/mirrord-operator] ';
const time = '2024-04-01T13:37:00.123456789Z ';

t.test('what kubectl puts before a line is cut off', async (t) => {
  for (const prefix of [
    '',
    source,
    time,
    source + time,
    '2024-04-01T15:37:00+02:00 ',
    '2024-04-01T08:07:00.5-05:30 ',
    '2024-04-01T13:37:00Z ',
  ]) {
    t.same(collect(framer(), `${prefix}{"a":1}\n`).records, [[prefix.length, '{"a":1}']], prefix);
  }
});

t.test('what only resembles it stays', async (t) => {
  for (const line of [
    '[pod/x/y]{"a":1}',
    '[pod/x y] {}',
    '[pod/x',
    '[1] {}',
    '2024-04-01 {}',
    '2024-04-01T13:37:00 {}',
    '2024-04-01T13:37:00.Z {}',
    '2024-04-01T13:37:00Z{}',
    '2024-04-01T13:37:00+0200 {}',
    `[pod/${'p'.repeat(600)}/c] {}`,
  ]) {
    t.same(collect(framer(), `${line}\n`).records, [[0, line]], line);
  }
});

t.test('an empty line is blank whatever stands before it', async (t) => {
  const lines = [source, time, time.trimEnd(), source + time, `${source}${time.trimEnd()}\r`, ''];
  const text = lines.join('\n');
  const { records, rejected, consumed } = collect(framer(), text);
  t.same([records, rejected, consumed], [[], [], text.length]);
});

t.test('the limit is the record’s, without prefix and line end', async (t) => {
  const prefix = source + time;
  for (const sizes of [[1], [50], [1 << 20]]) {
    const { records, rejected } = collect(
      framer(100),
      `${prefix}${'x'.repeat(100)}\r\n${prefix}${'y'.repeat(101)}\r\n${prefix}${'z'.repeat(9000)}\n`,
      sizes,
    );
    const first = prefix.length;
    const second = 2 * first + 102;
    const third = second + 103 + first;
    t.same(records, [[first, 'x'.repeat(100)]]);
    t.same(rejected[0], [second, 101, 'too-long', 'y'.repeat(101)]);
    t.same(rejected[1]!.slice(0, 3), [third, 9000, 'too-long']);
    t.match(rejected[1]![3], /^z{900,1024}$/);
  }
});
