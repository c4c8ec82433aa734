import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { loadKafka } from '../../lib/kafka/library.ts';
import type { LedgerReport } from '../../lib/ledger.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { type Broker, startBroker } from './broker.ts';
import { need } from './components.ts';
import { eventsOf, sameEvents } from './same-events.ts';

const jars = await need('kafka');
t.setTimeout(600_000);

const { Admin, Consumer, Producer } = await loadKafka('this test');
const RECORDS = 20_000;
const everyLevel = { RUST_LOG: 'trace' };
let groups = 0;

type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

async function createTopic(broker: Broker, topic: string, partitions: number): Promise<void> {
  const admin = new Admin({
    clientId: 'test',
    bootstrapBrokers: [broker.address],
    retries: 20,
    retryDelay: 200,
  });
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
}

/** Lines to the partitions in turn. */
async function produce(
  broker: Broker,
  topic: string,
  lines: readonly string[],
  compression: Compression = 'none',
  partitions = 4,
): Promise<void> {
  const producer = new Producer({
    clientId: 'test',
    bootstrapBrokers: [broker.address],
    // a try that comes again must not double what the one before has written
    idempotent: true,
    retries: 50,
    retryDelay: 200,
  });
  for (let from = 0; from < lines.length; from += 2000) {
    const messages = lines.slice(from, from + 2000).map((line, k) => ({
      topic,
      partition: (from + k) % partitions,
      key: Buffer.from(`key-${from + k}`),
      value: Buffer.from(line),
      headers: new Map([[Buffer.from('source'), Buffer.from('a test')]]),
    }));
    await producer.send({ messages, compression });
  }
  await producer.close();
}

interface Consumed {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
}

/** All that is in a topic, by the client's own consumer. */
async function consumed(broker: Broker, topic: string): Promise<Consumed[]> {
  const consumer = new Consumer({
    clientId: 'test',
    groupId: `test-${topic}-${groups++}`,
    bootstrapBrokers: [broker.address],
    retries: 50,
    retryDelay: 200,
  });
  try {
    const ends = await consumer.listOffsets({ topics: [topic] });
    let left = ends.get(topic)!.reduce((sum, end) => sum + Number(end), 0);
    const found: Consumed[] = [];
    if (left === 0) return found;
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: false,
      maxWaitTime: 200,
    });
    for await (const { partition, key, value } of stream) {
      found.push({ partition, key: key?.toString() ?? '', value: value.toString() });
      if (--left === 0) break;
    }
    return found;
  } finally {
    await consumer.close(true);
  }
}

/** An event without the id that its handler gave it. */
function keyless(text: string): string {
  return JSON.stringify({ ...JSON.parse(text), source_event_id: undefined });
}

const broker = await startBroker(jars);
t.teardown(() => broker.stop());
const folder = t.testdir();
const log = join(folder, 'operator.log');
const { stdout: generated } = await mirrormon(['generate', '--records', String(RECORDS), '--seed', '5']);
writeFileSync(log, generated);
const lines = generated.trimEnd().split('\n');
const { stdout: expected } = await mirrormon([log, '-o', 'json']);

t.test('topics in every compression give the figures of the same records in a file', async (t) => {
  const hasZstd = Number(process.versions.node.split('.')[0]) >= 22;
  const codecs = ['none', 'gzip', 'snappy', 'lz4', ...(hasZstd ? ['zstd'] : [])] as Compression[];
  if (!hasZstd) process.stderr.write('!!! SKIPPED producing zstd, which Node 20 cannot pack\n');
  for (const codec of codecs) {
    const topic = `logs-${codec}`;
    await createTopic(broker, topic, 4);
    await produce(broker, topic, lines, codec);
    const ledger = join(folder, 'ledger.json');
    const url = `kafka://${broker.address}/${topic}?end=latest`;
    const { status, stdout, stderr } = await mirrormon([url, '-o', 'json', '--ledger', ledger]);
    t.equal(status, 0, stderr);
    sameEvents(t, stdout, expected, codec);
    const { kafka, read } = JSON.parse(readFileSync(ledger, 'utf8')) as LedgerReport;
    t.equal(read.records, RECORDS);
    t.same(
      Object.values(kafka!).map(({ records, next, lag }) => [records, next, lag]),
      Array(4).fill([RECORDS / 4, RECORDS / 4, 0]),
    );
  }
});

t.test('parse workers, several topics, and files beside them', async (t) => {
  const half = lines.length / 2;
  for (const [topic, some] of [
    ['first', lines.slice(0, half)],
    ['second', lines.slice(half)],
  ] as const) {
    await createTopic(broker, topic, 2);
    await produce(broker, topic, some, 'lz4', 2);
  }
  const both = `kafka://${broker.address}/first,second?end=latest`;
  sameEvents(
    t,
    (await mirrormon([both, '-o', 'json', '--workers', '2'])).stdout,
    expected,
    'two topics, two workers',
  );
  const second = join(folder, 'second.log');
  writeFileSync(second, `${lines.slice(half).join('\n')}\n`);
  const mixed = [`kafka://${broker.address}/first?end=latest`, second, '-o', 'json'];
  sameEvents(t, (await mirrormon(mixed)).stdout, expected, 'a topic and a file');
});

t.test('partitions read by several processes are one report once they are merged', async (t) => {
  const partials = ['0,3', '1', '2'].map((partitions) => ({
    partitions,
    file: join(folder, `${partitions}.partial`),
  }));
  for (const { partitions, file } of partials) {
    const url = `kafka://${broker.address}/logs-lz4?end=latest&partitions=${partitions}`;
    const { status, stderr } = await mirrormon([url, '-o', 'none', '--partial', file]);
    t.equal(status, 0, stderr);
  }
  const merged = await mirrormon(['merge', ...partials.map(({ file }) => file), '-o', 'json']);
  sameEvents(t, merged.stdout, expected, 'merged');
  const twice = await mirrormon(['merge', partials[0]!.file, partials[0]!.file, '-o', 'none']);
  t.equal(twice.status, 2, 'not the same twice');
});

t.test('where to begin, which partitions, and what Kafka knows of a record', async (t) => {
  const told = async (...args: string[]) =>
    (await mirrormon([...args, '-o', 'logs'], { env: everyLevel })).stdout.trimEnd().split('\n');
  const topic = `kafka://${broker.address}/logs-none`;
  t.equal((await told(`${topic}?end=latest&partitions=1,3`)).length, RECORDS / 2);
  t.same(await told(`${topic}?end=latest&start=latest`), ['']);
  t.equal((await told(`${topic}?end=latest&start=1h`)).length, RECORDS);
  const found = await told(`${topic}?end=latest`, '--where', 'kafka.key=^key-77$');
  t.equal(found.length, 1);
  t.match(JSON.parse(found[0]!).kafka, {
    topic: 'logs-none',
    partition: 1,
    offset: 19,
    key: 'key-77',
    headers: { source: 'a test' },
  });
});

t.test('a dead letter names topic, partition and offset; JSON may have line ends in it', async (t) => {
  await createTopic(broker, 'odd', 2);
  const pretty = JSON.stringify(JSON.parse(lines[0]!), undefined, 2);
  await produce(broker, 'odd', [lines[0]!, lines[1]!, pretty, 'no record', lines[2]!], 'gzip', 2);
  const deadLetters = join(folder, 'dead.ndjson');
  const { stderr } = await mirrormon([
    `kafka://${broker.address}/odd?end=latest`,
    '--dead-letters',
    deadLetters,
  ]);
  t.match(stderr, /5 records read, 1 not understood/);
  t.match(JSON.parse(readFileSync(deadLetters, 'utf8')), { input: 'odd/1', offset: 1, text: 'no record' });
});

t.test(
  'a live run goes on through new partitions and a broker that dies; a signal ends it, and nothing is lost',
  async (t) => {
    await createTopic(broker, 'live', 2);
    await produce(broker, 'live', lines.slice(0, 4000), 'none', 2);
    const ledger = join(folder, 'live.json');
    const config = join(folder, 'live.yml');
    writeFileSync(config, `kafka: { brokers: ["${broker.address}"], topics: live }\n`);
    const child = start(['-c', config, '-o', 'logs', '--ledger', ledger], { env: everyLevel });
    t.teardown(() => child.kill('SIGKILL'));
    const exited = once(child, 'close');
    let out = '';
    let err = '';
    child.stdout!.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    const count = () => out.split('\n').length - 1;
    const reaches = async (wanted: number) => {
      for (const until = Date.now() + 120_000; count() < wanted; await delay(100)) {
        if (Date.now() > until) return t.fail(`${count()} of ${wanted} records came; ${err}`);
      }
    };
    await reaches(4000);
    await broker.restart();
    await produce(broker, 'live', lines.slice(4000, 8000), 'none', 2);
    await reaches(8000);
    const admin = new Admin({
      clientId: 'test',
      bootstrapBrokers: [broker.address],
      retries: 20,
      retryDelay: 200,
    });
    await admin.createPartitions({
      topics: [{ name: 'live', count: 3 }],
      validateOnly: false,
    });
    await admin.close();
    await produce(broker, 'live', lines.slice(8000, 11_000), 'none', 3);
    await reaches(11_000);
    child.kill('SIGTERM');
    const [status] = await exited;
    t.equal(status, 143);
    t.equal(count(), 11_000, 'each once');
    t.equal(new Set(out.trimEnd().split('\n')).size, new Set(lines.slice(0, 11_000)).size);
    t.match(err, /cannot be read now: .*; it is tried again until it can/);
    t.match(err, /can be read again/);
    t.match(err, /live\/2 is new, and is read, too/);
    t.equal(Object.keys((JSON.parse(readFileSync(ledger, 'utf8')) as LedgerReport).kafka!).length, 3);
  },
);

t.test('events and records go to topics, by key, each once', async (t) => {
  await createTopic(broker, 'events-out', 3);
  await createTopic(broker, 'logs-out', 3);
  const config = join(folder, 'out.yml');
  writeFileSync(
    config,
    `kafka: { brokers: ["${broker.address}"] }
events:
  metrics:
    subscriptions: [{ type: metrics, sourceFilter: .*, metricFilter: .* }]
    handler: { type: kafka, topic: events-out, key: series, compression: lz4 }
  sessions:
    subscriptions: [{ type: logs, messageFilter: ^Session }]
    handler: { type: kafka, topic: logs-out, format: logs, key: fields.session_id, compression: gzip }
`,
  );
  const { status, stderr } = await mirrormon(['-c', config, log]);
  t.equal(status, 0, stderr);
  const events = await consumed(broker, 'events-out');
  const wanted = eventsOf(expected);
  t.same(
    events.map(({ value }) => keyless(value)).sort(),
    wanted.map((event) => keyless(JSON.stringify(event))).sort(),
    'all that standard output has',
  );
  const series = events.map(({ key }) => key);
  t.equal(new Set(series).size, events.length, 'a report has every series once');
  const records = await consumed(broker, 'logs-out');
  const sessions = lines.filter((line) => /"message":"Session/.test(line));
  t.same(records.map(({ value }) => value).sort(), sessions.sort());
  t.ok(records.every(({ key, value }) => key === JSON.parse(value).fields.session_id));
  const partitions = new Map<string, Set<number>>();
  for (const { key, partition } of records)
    partitions.set(key, (partitions.get(key) ?? new Set()).add(partition));
  t.ok(
    [...partitions.values()].every((some) => some.size === 1),
    'a key has one partition',
  );
  t.ok(new Set(records.map(({ partition }) => partition)).size > 1);
});

t.test(
  'records that a topic does not take are dropped and counted, a broker that is away is waited for',
  async (t) => {
    await createTopic(broker, 'narrow', 1);
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.address] });
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: 2,
          resourceName: 'narrow',
          configs: [{ name: 'max.message.bytes', configOperation: 0, value: '1500' }],
        },
      ],
      validateOnly: false,
    });
    await admin.close();
    const config = join(folder, 'narrow.yml');
    const write = (topic: string, more = '') =>
      writeFileSync(
        config,
        `kafka: { brokers: ["${broker.address}"] }
events:
  all:
    subscriptions: [{ type: logs, level: trace }]
    handler: { type: kafka, topic: ${topic}, format: logs${more} }
`,
      );
    write('narrow');
    const wide = JSON.stringify({ level: 'INFO', fields: { message: 'x'.repeat(3000) } });
    const ledger = join(folder, 'narrow.json');
    const stdin = `${[lines[0], wide, lines[1], lines[2]].join('\n')}\n`;
    const narrow = await mirrormon(['-c', config, '--ledger', ledger], { stdin });
    t.equal(narrow.status, 0, narrow.stderr);
    t.match(
      narrow.stderr,
      /larger than the topic takes are dropped, and counted; raise its max\.message\.bytes/,
    );
    t.match(JSON.parse(readFileSync(ledger, 'utf8')), {
      handlers: { all: { records: { selected: 4, delivered: 3, dropped: 1 } } },
      dropped: { reasons: { 'too-large': 1 } },
    });
    t.equal((await consumed(broker, 'narrow')).length, 3);

    await createTopic(broker, 'waits', 1);
    write('waits', ', onError: wait');
    const child = start(['-c', config]);
    t.teardown(() => child.kill('SIGKILL'));
    let err = '';
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    const exited = once(child, 'close');
    child.stdin!.write(`${lines.slice(0, 500).join('\n')}\n`);
    for (
      const until = Date.now() + 60_000;
      (await consumed(broker, 'waits')).length < 500;
      await delay(100)
    ) {
      if (Date.now() > until) throw new Error(`nothing came; ${err}`);
    }
    const restarted = broker.restart();
    child.stdin!.end(`${lines.slice(500, 1000).join('\n')}\n`);
    await restarted;
    t.same(await exited, [0, null], err);
    const values = (await consumed(broker, 'waits')).map(({ value }) => value);
    t.same([...new Set(values)].sort(), [...new Set(lines.slice(0, 1000))].sort(), 'nothing is lost');
  },
);
