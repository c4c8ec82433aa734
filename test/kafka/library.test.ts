import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { findKafka, type KafkaLibrary, loadKafka } from '../../lib/kafka/library.ts';
import { program } from '../helpers/program.ts';

async function checksOptions(t: Test, { Admin }: KafkaLibrary): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: ['127.0.0.1:1'], strict: true });
  t.teardown(() => admin.close());
  for (const _ of [1, 2]) {
    await t.rejects(admin.createTopics({ topics: 7 } as never), { message: /topics/ });
  }
  t.throws(() => new Admin({ clientId: 7, bootstrapBrokers: ['127.0.0.1:1'], strict: true } as never), {
    message: /clientId/,
  });
}

t.test('options are checked although what checks them is made late', async (t) => {
  await checksOptions(t, await loadKafka('here'));
});

t.test('the command line has all that is used of the client within', async (t) => {
  const used = await loadKafka('here');
  const within: KafkaLibrary = createRequire(program)(join(dirname(program), 'kafka-client.js'));
  t.same(Object.keys(within).sort(), Object.keys(used).sort());
  t.not(within.Admin, used.Admin);
  await checksOptions(t, within);
});

t.test('the client is where its package is', async (t) => {
  t.match(findKafka('here'), /@platformatic\/kafka\/dist\/index\.js$/);
});
