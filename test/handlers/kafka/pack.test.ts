import fc from 'fast-check';
import t from 'tap';
import type { HandlerConfig } from '../../../lib/config.ts';
import { openKafka } from '../../../lib/handlers/kafka/index.ts';
import { type Message, MessageWriter, messagesIn } from '../../../lib/handlers/kafka/messages.ts';
import { keyFor } from '../../../lib/handlers/kafka/record-key.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../../helpers/sinks.ts';

const event = (metric: string, tags?: Record<string, string>): string =>
  JSON.stringify({
    metric,
    metric_type: 'intValue',
    metrics: { value: 1 },
    source_id: 's',
    ...(tags && { tags }),
  });

/** The parcels that a handler makes of records. */
function parcels(records: readonly string[], more: Partial<HandlerConfig> = {}) {
  const handler = openKafka(handlerConfig('kafka', 'metrics', { topic: 'x', ...more }), handlerContext());
  const flow = flowOf(records);
  return [...handler.pack(flow, picksOf(flow))];
}

const told = ({ key, value }: Message): string => `${key ?? '-'} ${value}`;

t.test('messages come out as they were put in, whatever their bytes', async (t) => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const message = fc.record({ key: fc.option(bytes, { nil: undefined }), value: bytes });
  let wrong: unknown;
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const writer = new MessageWriter();
      for (const { key, value } of messages) writer.add(key, value);
      const found = messagesIn(writer.take());
      const isRight =
        found.length === messages.length &&
        found.every(({ key, value }, k) => {
          const put = messages[k]!;
          return (
            value.equals(put.value) &&
            (key === undefined ? put.key === undefined : put.key?.equals(key) === true)
          );
        });
      if (!isRight) wrong = messages;
      return isRight;
    }),
  );
  t.equal(wrong, undefined);
});

t.test('records are values without their line end, and keys what was asked for', async (t) => {
  const records = [event('a'), event('b', { z: '1', a: '2' })];
  const messagesOf = (more: Partial<HandlerConfig>) =>
    parcels(records, more).flatMap(({ body }) => messagesIn(body).map(told));
  t.same(messagesOf({}), [`- ${records[0]}`, `- ${records[1]}`]);
  t.same(messagesOf({ key: 'series' }), [
    `["s","a"] ${records[0]}`,
    `["s","b","a","2","z","1"] ${records[1]}`,
  ]);
  t.same(messagesOf({ key: 'tags.z' }), [`- ${records[0]}`, `1 ${records[1]}`]);
});

t.test('a number that is a key keeps its digits', (t) => {
  const records = ['18446744073709551614', '1.50'].map((id) => `{"fields":{"session_id":${id}}}`);
  const messages = parcels(records, { key: 'fields.session_id' }).flatMap(({ body }) => messagesIn(body));
  t.same(
    messages.map(({ key }) => `${key}`),
    ['18446744073709551614', '1.50'],
  );
  t.end();
});

t.test('tags in any order are one series; a log record is of none', async (t) => {
  const flow = flowOf([
    event('m', { a: '1', b: '2' }),
    event('m', { b: '2', a: '1' }),
    '{"level":"INFO","fields":{"id":12,"on":true}}',
  ]);
  const series = keyFor('series')!;
  t.equal(series(flow, 0)?.toString(), series(flow, 1)?.toString());
  t.equal(series(flow, 2), undefined);
  t.same(
    ['fields.id', 'fields.on', 'fields', 'fields.none', 'level.x', '__proto__'].map((path) =>
      keyFor(path)!(flow, 2)?.toString(),
    ),
    ['12', 'true', undefined, undefined, undefined, undefined],
  );
  t.equal(keyFor('none'), undefined);
});

t.test('a parcel is below what brokers take at once; one record may be larger', async (t) => {
  const long = (length: number): string => event('m'.repeat(length));
  const made = parcels([long(500_000), long(500_000), long(10), long(2_000_000), long(10)]);
  t.same(
    made.map(({ count }) => count),
    [1, 2, 1, 1],
  );
  t.ok(made.every(({ count, bytes, body }) => (count === 1 || bytes <= 900_000) && body.length === bytes));
  const many = parcels(Array.from({ length: 5000 }, () => event('m')));
  t.same(
    many.map(({ count }) => count),
    [4096, 904],
  );
});

t.test('what cannot be written is refused, and the others are written', async (t) => {
  const warnings: string[] = [];
  const config = handlerConfig('kafka', 'metrics', { topic: 'x', key: 'series' });
  const handler = openKafka(config, { ...handlerContext(), warn: (text) => warnings.push(text) });
  const flow = flowOf([event('a'), event('b'), event('c')]);
  const { batch } = flow;
  const object = batch.object.bind(batch);
  batch.object = (row) => {
    if (row === 1) throw new RangeError('too deep');
    return object(row);
  };
  const [parcel, ...rest] = [...handler.pack(flow, picksOf(flow))];
  t.same(rest, []);
  t.equal(parcel!.count, 2);
  t.same(parcel!.refused, [{ count: 1, reason: 'unencodable' }]);
  t.equal(warnings.length, 1);
});

t.test('it is refused before anything is read where there is no broker to write to', async (t) => {
  const handler = openKafka(handlerConfig('kafka', 'metrics', { topic: 'x' }), handlerContext());
  await t.rejects(handler.open(), { code: 'CONFIG_INVALID', hint: /kafka\.brokers/ });
});
