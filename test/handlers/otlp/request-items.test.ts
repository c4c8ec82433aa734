import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import t from 'tap';
import {
  type LogsRequest,
  logsRequest,
  type TracesRequest,
  tracesRequest,
} from '../../../lib/handlers/otlp/export-messages.ts';
import { encode } from '../../../lib/handlers/otlp/protobuf.ts';
import { requestItems } from '../../../lib/handlers/otlp/request-items.ts';
import { holds } from '../../helpers/holds.ts';
import { Reader } from './wire-reader.ts';

/** How many items each scope of each resource has; a resource may have no attributes, a scope no name. */
const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});

const resourceOf = (k: number) => ({
  attributes: k === 1 ? [] : [{ key: 'k8s.pod.name', value: { stringValue: `pod-${k}`.repeat(40) } }],
});
const scopeOf = (k: number) => (k === 1 ? {} : { name: `scope-${k}` });

/** The items of a range of a request, laid out by counting. */
function laidOut<T>(
  shape: readonly (readonly number[])[],
  [from, to]: readonly [number, number],
  item: (n: number) => T,
) {
  let n = 0;
  return shape.flatMap((counts, resource) => {
    const scopes = counts.flatMap((count, scope) => {
      const items = Array.from({ length: count }, () => n++)
        .filter((k) => k >= from && k < to)
        .map(item);
      return items.length === 0 ? [] : [{ scope: scopeOf(scope), items }];
    });
    return scopes.length === 0 ? [] : [{ resource: resourceOf(resource), scopes }];
  });
}

const logs = (shape: readonly (readonly number[])[], range: readonly [number, number]): LogsRequest => ({
  resourceLogs: laidOut(shape, range, (n) => ({
    observedTimeUnixNano: `${n}`,
    body: { stringValue: 'x'.repeat(n * 20) },
    attributes: [{ key: 'n', value: { intValue: `${n}` } }],
  })).map(({ resource, scopes }) => ({
    resource,
    scopeLogs: scopes.map(({ scope, items }) => ({ scope, logRecords: items })),
  })),
});

const spans = (shape: readonly (readonly number[])[], range: readonly [number, number]): TracesRequest => ({
  resourceSpans: laidOut(shape, range, (n) => ({
    traceId: 'ab'.repeat(16),
    spanId: '0'.repeat(14) + (16 + n).toString(16),
    name: 'session',
    kind: 2,
    flags: 257,
    startTimeUnixNano: `${n}`,
    endTimeUnixNano: `${n + 1}`,
    attributes: [],
    events: [],
  })).map(({ resource, scopes }) => ({
    resource,
    scopeSpans: scopes.map(({ scope, items }) => ({ scope, spans: items })),
  })),
});

t.test('any range of the items of a request is a request of them alone', async (t) => {
  holds(
    t,
    fc.property(shapes, fc.nat(60), fc.nat(60), (shape, one, other) => {
      const count = shape.flat().reduce((a, b) => a + b);
      const [from, to] = [Math.min(one, other, count), Math.min(Math.max(one, other), count)];
      return [
        { make: logs, message: logsRequest },
        { make: spans, message: tracesRequest },
      ].every(({ make, message }) => {
        const whole = make(shape, [0, count]);
        const part = make(shape, [from, to]);
        const json = requestItems(Buffer.from(JSON.stringify(whole)), 'http/json');
        const protobuf = requestItems(encode(whole, message), 'http/protobuf');
        return (
          json.length === count &&
          protobuf.length === count &&
          Buffer.from(json.slice(from, to)).toString() === JSON.stringify(part) &&
          isDeepStrictEqual(
            new Reader(protobuf.slice(from, to)).message(message),
            new Reader(encode(part, message)).message(message),
          )
        );
      });
    }),
  );
});
