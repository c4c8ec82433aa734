import t from 'tap';
import { findKafka, loadKafka } from '../../lib/kafka/library.ts';

t.test('options are checked although what checks them is made late', async (t) => {
  const { Admin } = await loadKafka('here');
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: ['127.0.0.1:1'], strict: true });
  t.teardown(() => admin.close());
  for (const _ of [1, 2]) {
    await t.rejects(admin.createTopics({ topics: 7 } as never), { message: /topics/ });
  }
  t.throws(() => new Admin({ clientId: 7, bootstrapBrokers: ['127.0.0.1:1'], strict: true } as never), {
    message: /clientId/,
  });
});

t.test('the client is where its package is', async (t) => {
  t.match(findKafka('here'), /@platformatic\/kafka\/dist\/index\.js$/);
});
