import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import t from 'tap';
import { type LogsRequest, logsRequest } from '../../../lib/handlers/otlp/export-messages.ts';
import { encode } from '../../../lib/handlers/otlp/protobuf.ts';
import { holds } from '../../helpers/holds.ts';
import { Reader } from './wire-reader.ts';

/** The same shape from what was written: every field a list, numbers for booleans. */
function listed(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, content]): [string, unknown[]] => [
    key,
    (Array.isArray(content) ? content : [content]).map(listed),
  ]);
  return Object.fromEntries(entries.filter(([, content]) => content.length > 0));
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant({}),
    fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 3 }) }) }),
  ),
  pair: fc.record({ key: fc.string({ unit: 'grapheme' }), value: tie('value') }),
}));
const attributes = fc.array(fc.record({ key: fc.string(), value: anyValue }), { maxLength: 4 });

const request = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeLogs: fc.array(
        fc.record({
          scope: fc.record({ name: fc.string() }, { requiredKeys: [] }),
          logRecords: fc.array(
            fc.record(
              {
                timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
                severityNumber: fc.nat(24),
                body: anyValue,
                attributes,
                flags: fc.nat({ max: 0xffffffff }),
                traceId: fc.constant('0af7651916cd43dd8448eb211c80319c'),
              },
              { requiredKeys: [] },
            ),
          ),
        }),
      ),
    }),
  ),
});

t.test('what is written can be read by the wire format alone', async () => {
  holds(
    t,
    fc.property(request, (value) =>
      isDeepStrictEqual(new Reader(encode(value, logsRequest)).message(logsRequest), listed(value)),
    ),
    { numRuns: 200 },
  );
});

t.test('requests that are written one behind the other are read as one', async () => {
  holds(
    t,
    fc.property(fc.array(request, { maxLength: 4 }), (values) => {
      const joined = Buffer.concat(values.map((value) => encode(value, logsRequest)));
      const whole = { resourceLogs: values.flatMap(({ resourceLogs }) => resourceLogs) };
      return isDeepStrictEqual(new Reader(joined).message(logsRequest), listed(whole));
    }),
  );
});

t.test('a request larger than the first buffer', async (t) => {
  const body = (k: number) => ({ stringValue: `${k}`.repeat(10_000) });
  const logRecords = Array.from({ length: 40 }, (_, k) => ({
    body: body(k),
    attributes: [],
    observedTimeUnixNano: '1',
  }));
  const value: LogsRequest = {
    resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }],
  };
  const read = new Reader(encode(value, logsRequest)).message(logsRequest);
  t.ok(isDeepStrictEqual(read, listed(value)));
});
