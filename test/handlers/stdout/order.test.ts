import t from 'tap';
import { checkOrder, groupOrder, orderKeys, seriesOrder } from '../../../lib/handlers/stdout/order.ts';

t.test('an order is of the summary and the table alone, and by what they have', async (t) => {
  checkOrder({}, []);
  checkOrder({ top: 3 }, ['json', 'table']);
  checkOrder({ sort: 'p95' }, ['summary', 'table']);
  t.throws(() => checkOrder({ top: 3 }, ['json']), { code: 'USAGE', message: /--top/ });
  t.throws(() => checkOrder({ sort: 'time' }, []), { code: 'USAGE', message: /--sort/ });
  t.throws(() => checkOrder({ sort: 'time' }, ['table']), { code: 'USAGE', hint: /count/ });
  t.throws(() => checkOrder({ sort: 'count' }, ['summary']), { code: 'USAGE', hint: /sessions/ });
});

t.test('each takes its own keys', async (t) => {
  t.strictSame(seriesOrder({ sort: 'count', top: 2 }), { sort: 'count', top: 2 });
  t.strictSame(groupOrder({ sort: 'count', top: 2 }), { sort: undefined, top: 2 });
  t.equal(new Set(orderKeys).size, orderKeys.length);
});
