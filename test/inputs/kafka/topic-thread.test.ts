import { once } from 'node:events';
import { createServer } from 'node:net';
import t from 'tap';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { kafkaSource, readKafka } from '../../../lib/inputs/kafka/index.ts';
import { emptyKafkaAccount } from '../../../lib/kafka/partition-account.ts';
import { freePort } from '../../helpers/free-port.ts';

async function sourceOf(port: number) {
  const { kafka } = await resolveConfig({ kafka: { brokers: [`127.0.0.1:${port}`], topics: ['logs'] } });
  return await kafkaSource(kafka);
}

const options = (signal: AbortSignal) => ({
  signal,
  annotates: false,
  warn: () => {},
  account: emptyKafkaAccount,
});

t.test('what the thread fails with is told as what it is', async (t) => {
  const port = await freePort();
  const source = await sourceOf(port);
  const reading = readKafka(source, options(new AbortController().signal));
  await t.rejects(reading.next(), {
    name: 'MirrormonError',
    code: 'INPUT_UNREADABLE',
    message: 'cannot be read: connection refused',
    where: `kafka://127.0.0.1:${port}/logs`,
    hint: 'is the broker running, and is this its port?',
  });
});

t.test('a signal ends the wait for a broker that says nothing', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { readonly port: number };
  const controller = new AbortController();
  const reading = readKafka(await sourceOf(port), options(controller.signal));
  const next = reading.next();
  const [socket] = await once(server, 'connection');
  controller.abort();
  t.match(await next, { done: true });
  socket.destroy();
});

t.test('files that a configuration names are read before anything else', async (t) => {
  const { kafka } = await resolveConfig({
    kafka: { brokers: ['127.0.0.1:1'], topics: ['logs'], tls: { ca: 'no-such.pem' } },
  });
  await t.rejects(kafkaSource(kafka), { code: 'CONFIG_INVALID', where: 'kafka.tls.ca' });
});
