/** What a process of a shared run says that was put out, and goes on; for the record MIRRORMON_TEXTS=1 prints it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { loadKafka } from '../../lib/kafka/library.ts';
import { start } from '../helpers/program.ts';
import { startBroker } from './broker.ts';
import { need } from './components.ts';
import { TestCluster } from './kafka-roles-cluster.ts';

const jars = await need('kafka');
t.setTimeout(300_000);
const { Admin } = await loadKafka('this test');
const { initProducerIdV5, listTransactionsV1 } = await import('@platformatic/kafka');
const broker = await startBroker(jars);
t.teardown(() => broker.stop());
const cluster = new TestCluster(broker, jars);
const folder = t.testdir();
const lines = Array.from(
  { length: 100 },
  (_, k) => `{"timestamp":"2026-03-01T00:00:${10 + (k % 40)}Z","level":"INFO","fields":{"message":"a"}}`,
);
/** Milliseconds behind which a group goes on without a member that is silent, and some more; it asks itself after 20 s. */
const SILENCE = 14_000;

/** A process that maps, and what it has said. */
class Mapping {
  readonly child: ChildProcess;
  said = '';

  constructor(group: string) {
    const config = join(folder, `${group}.yml`);
    writeFileSync(
      config,
      `kafka: { brokers: ["${broker.address}"], topics: ${group}-in, group: ${group}, role: map, shares: 2, commitEvery: 300ms }\n`,
    );
    this.child = start(['-c', config]);
    this.child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.said += text;
    });
    t.teardown(() => this.child.kill('SIGKILL'));
  }

  async end(): Promise<unknown> {
    const ended = once(this.child, 'close');
    this.child.kill('SIGTERM');
    const [status] = await ended;
    if (process.env.MIRRORMON_TEXTS) process.stderr.write(`# ${this.said}`);
    return status;
  }
}

/** Until nothing is left to be committed. */
async function allRead(group: string): Promise<void> {
  while ((await cluster.lag(`${group}-map`, `${group}-in`).catch(() => -1)) !== 0) await delay(300);
}

const committed = (said: string): number =>
  Number(/([\d,]+) records mapped and committed/.exec(said)?.[1]?.replaceAll(',', ''));

t.test('who stood still while its group went on is told so, and joins again', async (t) => {
  await cluster.createTopic('silent-in', 2);
  const silent = new Mapping('silent');
  await cluster.produce('silent-in', lines, 2);
  await allRead('silent');
  silent.child.kill('SIGSTOP');
  const other = new Mapping('silent');
  await cluster.produce('silent-in', lines, 2);
  await delay(SILENCE);
  silent.child.kill('SIGCONT');
  // it finds that it is no member, by a commit or by saying that it lives
  await allRead('silent');
  await cluster.produce('silent-in', lines, 2);
  await allRead('silent');
  t.same([await silent.end(), await other.end()], [143, 143]);
  t.match(
    silent.said,
    /group silent-map went on without this process, which was silent for too long; whoever has its partitions now does again what it had not committed/,
  );
  t.equal(silent.said.match(/went on without/g)?.length, 1, 'once');
  t.equal(committed(silent.said) + committed(other.said), 3 * lines.length, 'every record once');
});

t.test('whose transactional id another one has is told so, and goes on with a new one', async (t) => {
  await cluster.createTopic('fenced-in', 2);
  const fenced = new Mapping('fenced');
  await cluster.produce('fenced-in', lines, 2);
  await allRead('fenced');
  await fence('fenced-map-');
  await cluster.produce('fenced-in', lines, 2);
  await allRead('fenced');
  t.equal(await fenced.end(), 143);
  t.match(
    fenced.said,
    /group fenced-map: the broker has ended the transaction of this process, which took too long, or another process writes under its transactional id; if it comes again and again, this machine or the brokers are too busy; what was not committed is done again/,
  );
  t.equal(committed(fenced.said), 2 * lines.length, 'every record once');
});

/** Does what a broker does of a transaction that takes too long, and whoever takes the same id. */
async function fence(prefix: string): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.address] });
  const { brokers } = await admin.metadata({ topics: [] });
  const connection = await admin.connections.get([...brokers.values()][0]!);
  const { transactionStates } = await listTransactionsV1.api.async(connection, [], [], -1n, null);
  for (const { transactionalId } of transactionStates) {
    if (transactionalId.startsWith(prefix))
      await initProducerIdV5.api.async(connection, transactionalId, 10_000, -1n, -1);
  }
  await admin.close();
}
