import t from 'tap';
import type { Flow } from '../../../lib/batch/batch.ts';
import type { Config, HandlerConfig } from '../../../lib/config.ts';
import { encodePicks } from '../../../lib/handlers/encode/index.ts';
import { allOf, handlerConfig, recordsFlow, testContext } from './support.ts';

const record =
  '{"timestamp":"2024-04-01T13:37:00.5Z","level":"INFO","fields":{"message":"x","a":1.0},"target":"m"}';
const text = '2024-04-01T13:37:00.5Z  INFO m: x a=1.0';
const spaced = text.replace(' a=', '  a=');

/** The second record was translated from a text. */
function flow(): Flow {
  const made = recordsFlow([record, record], 'tracing');
  return { ...made, batch: { ...made.batch, texts: [undefined, Buffer.from(spaced)] } };
}

function written(handler: Partial<HandlerConfig>, jsonLog?: boolean, of = flow()): string[] {
  const subscriptions = [{ type: 'logs', place: 'test' }];
  const config = { ...testContext().config, operator: { jsonLog } } as Config;
  const { bytes, ends } = encodePicks(
    of,
    allOf(of),
    handlerConfig({ name: 'out', subscriptions, ...handler }),
    { ...testContext(), config },
  );
  return [...ends].map((end, k) => bytes.toString('utf8', k === 0 ? 0 : ends[k - 1], end - 1));
}

t.test('the format logs: as it came, JSON, or text', async (t) => {
  t.same(written({ format: 'logs' }), [record, spaced]);
  t.same(written({ format: 'logs' }, true), [record, record]);
  t.same(written({ format: 'logs' }, false), [text, spaced]);
});

t.test('the format json is JSON', async (t) => {
  t.same(written({ format: 'json' }), [record, record]);
  t.same(written({ format: 'json' }, false), [record, record]);
});

t.test('only log records have a layout', async (t) => {
  const event = recordsFlow(['{"namespace":"metrics"}'], 'ndjson');
  const subscriptions = [{ type: 'metrics', place: 'test' }];
  t.same(written({ format: 'logs', subscriptions }, false, event), ['{"namespace":"metrics"}']);
});

t.test('fluentd: JSON with @timestamp, which a record that has it keeps', async (t) => {
  const stamped = record.replace(/\}$/, ',"@timestamp":"2024-04-01T13:37:00.500000000+00:00"}');
  t.same(written({ format: 'logs', fluentd: true }), [stamped, stamped]);
  const others = recordsFlow([
    '{"timestamp":"2024-04-01T13:37:00Z","@timestamp":1}',
    '{"message":"no time"}',
    '{ }',
  ]);
  t.same(written({ format: 'logs', fluentd: true }, true, others), [
    '{"timestamp":"2024-04-01T13:37:00Z","@timestamp":1}',
    '{"message":"no time"}',
    '{ }',
  ]);
  const whole = recordsFlow(['{"timestamp":"2024-04-01T13:37:00Z"}']);
  t.match(
    written({ format: 'logs', fluentd: true }, true, whole)[0],
    '"@timestamp":"2024-04-01T13:37:00.000000000+00:00"}',
  );
});
