import t, { type Test } from 'tap';
import { openOtlp } from '../../lib/handlers/otlp/index.ts';
import { writeAll } from '../handlers/otlp/fake-collector.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../helpers/sinks.ts';
import { need } from './components.ts';
import { type Collector, eventually, startCollector } from './services.ts';

await need('collector');

interface ReceivedRecord {
  readonly body: { readonly stringValue: string };
  readonly severityText: string;
  readonly timeUnixNano: string;
  readonly traceId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

interface LogsRequest {
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly {
      readonly scope: { name: string };
      readonly logRecords: readonly ReceivedRecord[];
    }[];
  }[];
}

const count = 3000;
const traceId = '0af7651916cd43dd8448eb211c80319c';

function records(): string[] {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      timestamp: `2026-01-31T23:59:58.${String(n).padStart(6, '0')}Z`,
      level: n % 2 === 0 ? 'INFO' : 'WARN',
      fields: {
        message: 'Port Steal',
        n,
        share: n + 0.5,
        client_user: 'Åsa "A"\u2028\u0000',
        scale_down: true,
        gone: null,
        nested: { list: [1, 'a', false] },
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      target: `operator::m${n % 3}`,
    }).replace('"n":', '"session_id":12845969263990981773,"n":'),
  );
}

function received(collector: Collector): ReceivedRecord[] {
  return (collector.requests() as LogsRequest[]).flatMap(({ resourceLogs = [] }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
}

function attributes(record: ReceivedRecord): Record<string, unknown> {
  return Object.fromEntries(record.attributes.map(({ key, value }) => [key, value]));
}

async function open(t: Test, url: string, protocol: string) {
  process.env.OTEL_EXPORTER_OTLP_PROTOCOL = protocol;
  const context = handlerContext();
  const handler = openOtlp(handlerConfig('otlp', 'logs', { url }), context);
  await handler.open();
  t.teardown(() => handler.close());
  return { handler, context };
}

for (const protocol of ['http/protobuf', 'http/json']) {
  t.test(`a real collector receives every record once, over ${protocol}`, async (t) => {
    const collector = await startCollector();
    t.teardown(() => collector.remove());
    const { handler, context } = await open(t, collector.logsUrl, protocol);
    const flow = flowOf(records());
    t.equal(await writeAll(handler, flow, picksOf(flow)), flow.batch.bytes.length);
    await collector.stop();

    const all = received(collector).toSorted((a, b) => (a.timeUnixNano < b.timeUnixNano ? -1 : 1));
    t.equal(all.length, count);
    const wrong = all.findIndex((record, n) => {
      const { n: number } = attributes(record) as { n: { intValue: string } };
      return number.intValue !== String(n) || record.severityText !== (n % 2 === 0 ? 'INFO' : 'WARN');
    });
    t.equal(wrong, -1, 'each once, with its own attributes and severity');
    t.match(all[7], { body: { stringValue: 'Port Steal' }, timeUnixNano: '1769903998000007000', traceId });
    t.same(attributes(all[7]!), {
      session_id: { stringValue: '12845969263990981773' },
      n: { intValue: '7' },
      share: { doubleValue: 7.5 },
      client_user: { stringValue: 'Åsa "A"\u2028\u0000' },
      scale_down: { boolValue: true },
      gone: {},
      nested: {
        kvlistValue: {
          values: [
            {
              key: 'list',
              value: {
                arrayValue: { values: [{ intValue: '1' }, { stringValue: 'a' }, { boolValue: false }] },
              },
            },
          ],
        },
      },
      traceparent: { stringValue: `00-${traceId}-b7ad6b7169203331-01` },
    });
    t.same(context.warnings, []);
  });
}

t.test('a collector that goes and comes back loses and doubles nothing', async (t) => {
  const first = await startCollector();
  t.teardown(() => first.remove());
  const { handler } = await open(t, first.logsUrl, 'http/protobuf');
  const [early, late] = [records().slice(0, 1000), records().slice(1000)].map((some) => flowOf(some));
  await writeAll(handler, early!, picksOf(early!));
  await first.stop();

  const picks = picksOf(late!);
  await t.rejects(async () => writeAll(handler, late!, picks), { code: 'HANDLER_WRITE', canRetry: true });
  const second = await startCollector({ port: first.port, folder: first.folder });
  t.teardown(() => second.stop());
  await eventually('the handler delivers', async () => {
    try {
      return await writeAll(handler, late!, picks);
    } catch (error) {
      if ((error as { canRetry?: boolean }).canRetry !== true) throw error;
      return undefined;
    }
  });
  await second.stop();
  const numbers = received(second).map((record) => JSON.stringify(attributes(record).n));
  t.equal(numbers.length, count);
  t.equal(new Set(numbers).size, count);
});
