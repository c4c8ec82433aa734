import t from 'tap';
import { parseBaggage, parseTraceParent, traceContextOf } from '../../lib/tracing/trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

t.test('valid ones', async (t) => {
  t.same(parseTraceParent(`00-${traceId}-${spanId}-01`), { traceId, spanId, traceFlags: 1 });
  t.same(parseTraceParent(`00-${traceId}-${spanId}-00`), { traceId, spanId, traceFlags: 0 });
  t.same(parseTraceParent(`00-${traceId}-${spanId}-03`), { traceId, spanId, traceFlags: 1 });
  t.same(parseTraceParent(`01-${traceId}-${spanId}-01-what-comes`), { traceId, spanId, traceFlags: 1 });
  const short = parseTraceParent(`00-${traceId.slice(16)}-${spanId}-01`);
  t.equal(short?.traceId, `${'0'.repeat(16)}${traceId.slice(16)}`, 'as the Operator’s library reads 64 bits');
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

t.test('baggage', async (t) => {
  t.same(parseBaggage('my_key=my_value,another_key=a_second_value'), [
    ['my_key', 'my_value'],
    ['another_key', 'a_second_value'],
  ]);
  t.same(parseBaggage(' a = 1 ;prop;q=2 , b=x%20%C3%BC, c=%zz , d=e=f, =nothing, bad,, a=2'), [
    ['a', '2'],
    ['b', 'x ü'],
    ['c', '%zz'],
    ['d', 'e=f'],
  ]);
  t.same(parseBaggage('__proto__=1'), [['__proto__', '1']]);
});

t.test('where a record says it', async (t) => {
  const header = (id: string) => `00-${traceId}-${id.repeat(16)}-01`;
  const parentOf = (record: Record<string, unknown>) => traceContextOf(record).parent?.spanId[0];
  const spans = [{ traceparent: header('1') }, { traceparent: header('2') }, {}];
  t.equal(parentOf({ spans }), '2', 'the innermost span that has one');
  t.equal(parentOf({ spans, span: { traceparent: header('3') } }), '3', 'the record’s own span');
  t.equal(parentOf({ span: { traceparent: header('3') }, traceparent: header('4') }), '4');
  t.equal(parentOf({ fields: { traceparent: header('5') }, traceparent: header('4') }), '5', 'its fields');
  t.equal(
    parentOf({ fields: { traceparent: 'none' }, traceparent: header('4') }),
    '4',
    'the first that is one',
  );
  t.equal(parentOf({ fields: { traceparent: 5 }, span: 'x', spans: 'y' }), undefined);

  const span = { traceparent: header('6'), tracestate: 'v=1' };
  t.same(traceContextOf({ fields: { tracestate: 'stranger', baggage: 'a=1' }, span }), {
    parent: { traceId, spanId: '6'.repeat(16), traceFlags: 1 },
    traceState: 'v=1',
    baggage: [['a', '1']],
  });
  t.same(traceContextOf({}), { parent: undefined, traceState: undefined, baggage: [] });
});
