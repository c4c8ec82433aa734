import t from 'tap';
import { parseTraceParent } from '../../lib/mirrord/trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

t.test('valid ones', async (t) => {
  t.same(parseTraceParent(`00-${traceId}-${spanId}-01`), { traceId, spanId, traceFlags: 1 });
  t.same(parseTraceParent(`00-${traceId}-${spanId}-00`), { traceId, spanId, traceFlags: 0 });
  t.same(parseTraceParent(`00-${traceId}-${spanId}-03`), { traceId, spanId, traceFlags: 1 });
  t.same(parseTraceParent(`01-${traceId}-${spanId}-01-what-comes`), { traceId, spanId, traceFlags: 1 });
});

t.test('invalid ones', async (t) => {
  for (const text of [
    '',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.slice(1)}-${spanId}-01`,
  ]) {
    t.equal(parseTraceParent(text), undefined, text);
  }
});
