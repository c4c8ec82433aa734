/** What a broker refuses, and what a user reads then; for the record MIRRORMON_TEXTS=1 prints the texts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadKafka } from '../../lib/kafka/library.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { startBroker } from './broker.ts';
import { need } from './components.ts';

const jars = await need('kafka');
t.setTimeout(300_000);
const { Admin, Producer } = await loadKafka('this test');
const { AclOperations, AclPermissionTypes, ResourceTypes, ResourcePatternTypes } = await import(
  '@platformatic/kafka'
);
const broker = await startBroker(jars);
t.teardown(() => broker.stop());
const folder = t.testdir();
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const client = { clientId: 'test', bootstrapBrokers: [broker.address], retries: 20, retryDelay: 200 };

const admin = new Admin(client);
await admin.createTopics({ topics: ['open', 'closed'], partitions: 1, replicas: 1 });
await admin.createAcls({
  creations: [
    {
      resourceType: ResourceTypes.TOPIC,
      resourceName: 'closed',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:nobody',
      host: '*',
      operation: AclOperations.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    },
    ...(['DESCRIBE', 'WRITE'] as const).map((operation) => ({
      resourceType: ResourceTypes.TOPIC,
      resourceName: 'closed',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:carol',
      host: '*',
      operation: AclOperations[operation],
      permissionType: operation === 'WRITE' ? AclPermissionTypes.DENY : AclPermissionTypes.ALLOW,
    })),
  ],
});
await admin.close();
const producer = new Producer(client);
const line = '{"level":"INFO","fields":{"message":"a"}}';
for (const topic of ['open', 'closed'])
  await producer.send({ messages: [{ topic, key: Buffer.from('k'), value: Buffer.from(line) }] });
await producer.close();

const password = { right: file('right', 'secret\n'), wrong: file('wrong', 'x\n') };
const sasl = (mechanism: string, username: string, secret: keyof typeof password = 'right') =>
  `sasl: { mechanism: ${mechanism}, username: ${username}, passwordFile: ${password[secret]} }`;

/** A token as those have who run without a signing authority, for tests alone. */
function token(expires: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: 'dave', iat: seconds - 600, exp: seconds + expires })}.`;
}
const bearer = (name: string, expires: number) =>
  `sasl: { mechanism: OAUTHBEARER, tokenFile: ${file(name, `${token(expires)}\n`)} }`;

const made = (name: string) => join(broker.folder, name);
const tls = (certificate?: string, authority = 'ca') => {
  const own =
    certificate === undefined
      ? ''
      : `, cert: ${made(`${certificate}.crt`)}, key: ${made(`${certificate}.key`)}`;
  return `tls: { ca: ${made(`${authority}.crt`)}${own} }`;
};

const { address: plain, saslAddress, tlsAddress, mutualTlsAddress } = broker;
interface Case {
  readonly what: string;
  readonly kafka?: string;
  readonly at: string;
  readonly topic?: string;
  readonly text: RegExp;
}
const wanted = /1 records? read/;
const wrongCredentials = /does not accept these credentials.*kafka\.sasl/;

const accepted: readonly Case[] = [
  { what: 'PLAIN', kafka: sasl('PLAIN', 'alice'), at: saslAddress, text: wanted },
  { what: 'SCRAM-SHA-256', kafka: sasl('SCRAM-SHA-256', 'bob'), at: saslAddress, text: wanted },
  { what: 'SCRAM-SHA-512', kafka: sasl('SCRAM-SHA-512', 'carol'), at: saslAddress, text: wanted },
  { what: 'OAUTHBEARER', kafka: bearer('token', 3600), at: saslAddress, text: wanted },
  { what: 'TLS', kafka: tls(), at: tlsAddress, text: wanted },
  { what: 'a certificate of our own', kafka: tls('client'), at: mutualTlsAddress, text: wanted },
];

const refused: readonly Case[] = [
  ...[
    sasl('PLAIN', 'alice', 'wrong'),
    sasl('SCRAM-SHA-256', 'bob', 'wrong'),
    sasl('SCRAM-SHA-512', 'carol', 'wrong'),
    sasl('SCRAM-SHA-512', 'nobody'),
    bearer('expired', -60),
  ].map((kafka) => ({
    what: `wrong: ${kafka.slice(0, 40)}`,
    kafka,
    at: saslAddress,
    text: wrongCredentials,
  })),
  {
    what: 'SASL where there is none',
    kafka: sasl('SCRAM-SHA-256', 'bob'),
    at: plain,
    text: /expects no SASL at this port.*kafka\.sasl/,
  },
  { what: 'no credentials', at: saslAddress, text: /closed the connection.*kafka\.sasl/ },
  {
    what: 'a certificate that the system does not know',
    kafka: 'tls: { enabled: true }',
    at: tlsAddress,
    text: /certificate is not trusted.*kafka\.tls\.ca/,
  },
  {
    what: 'a wrong authority',
    kafka: tls(undefined, 'stranger'),
    at: tlsAddress,
    text: /certificate is not trusted.*kafka\.tls\.ca/,
  },
  {
    what: 'no certificate of our own',
    kafka: tls(),
    at: mutualTlsAddress,
    text: /closed the connection.*kafka\.tls\.cert/,
  },
  {
    what: 'a certificate of our own that the broker does not trust',
    kafka: tls('stranger'),
    at: mutualTlsAddress,
    text: /closed the connection.*kafka\.tls\.cert/,
  },
  { what: 'TLS where there is none', kafka: tls(), at: plain, text: /speaks no TLS at this port/ },
  { what: 'no TLS where there is', at: tlsAddress, text: /speaks TLS at this port.*kafka\.tls/ },
  {
    what: 'no such topic',
    at: plain,
    topic: 'opne',
    text: /there is no topic opne, or this user may not see it; did you mean open\?/,
  },
  {
    what: 'a topic that an ACL hides',
    kafka: sasl('SCRAM-SHA-256', 'bob'),
    at: saslAddress,
    topic: 'closed',
    text: /this user may not use the topic.*kafka-acls/,
  },
  {
    what: 'a topic that an ACL shows, and no more',
    kafka: sasl('SCRAM-SHA-512', 'carol'),
    at: saslAddress,
    topic: 'closed',
    text: /this user may not use the topic.*kafka-acls/,
  },
];

for (const [status, cases] of [
  [0, accepted],
  [1, refused],
] as const) {
  for (const { what, kafka, at, topic = 'open', text } of cases) {
    t.test(`${status === 0 ? 'takes' : 'refuses'} ${what}`, async (t) => {
      const config = file('case.yml', kafka === undefined ? '{}' : `kafka: { ${kafka} }`);
      const run = await mirrormon(['-c', config, `kafka://${at}/${topic}?end=latest`, '-o', 'none']);
      if (process.env.MIRRORMON_TEXTS) process.stderr.write(`# ${what}: ${run.stderr}`);
      t.equal(run.status, status, run.stderr);
      t.match(run.stderr, text);
      t.notMatch(run.stderr, /secret|\n {4}at /, 'no password, no stack trace');
    });
  }
}

t.test('a handler is refused before anything is read where no patience helps', async (t) => {
  const log = file('operator.log', `${line}\n`);
  const cases: [kafka: string, text: RegExp][] = [
    [sasl('PLAIN', 'alice', 'wrong'), wrongCredentials],
    [sasl('SCRAM-SHA-512', 'carol'), /this user may not use (the topic|topic closed);.*kafka-acls/],
  ];
  for (const [kafka, text] of cases) {
    const config = file(
      'refused.yml',
      `kafka: { brokers: ["${saslAddress}"], ${kafka} }
events:
  all:
    subscriptions: [{ type: logs }]
    handler: { type: kafka, topic: closed, onError: fail, retryFor: 1s, format: logs }
`,
    );
    const { status, stderr } = await mirrormon(['-c', config, log]);
    if (process.env.MIRRORMON_TEXTS) process.stderr.write(`# handler: ${stderr}`);
    t.equal(status, 1);
    t.match(stderr, text);
  }
});

t.test('a record that is too large is left out by a handler; a shared run waits', async (t) => {
  const admin = new Admin(client);
  const configs = [{ name: 'max.message.bytes', value: '300' }];
  const narrow = ['narrow', 'narrow-run-partials', 'narrow-run-changelog'];
  await admin.createTopics({ topics: narrow, partitions: 1, replicas: 1, configs });
  await admin.close();
  const log = file('large.log', `${line}\n${line.replace('"a"', `"${'a'.repeat(400)}"`)}\n`);
  const handler = file(
    'narrow.yml',
    `kafka: { brokers: ["${plain}"] }
events:
  all:
    subscriptions: [{ type: logs }]
    handler: { type: kafka, topic: narrow, format: logs }
`,
  );
  const left = await mirrormon(['-c', handler, log]);
  t.equal(left.status, 0);
  t.match(
    left.stderr,
    /narrow: records larger than the topic takes are dropped.*raise its max\.message\.bytes/,
  );
  t.match(left.stderr, /1 dropped \(all: 1 too-large\)/);

  const map = `{ brokers: ["${plain}"], topics: open, group: narrow-run, role: map, commitEvery: 300ms }`;
  const waiting = start(['-c', file('narrow-run.yml', `kafka: ${map}\n`)]);
  const said = await saidUntil(waiting, /done again/);
  t.match(
    said,
    /narrow-run-map: a record is larger than topic narrow-run-partials takes; raise max\.message\.bytes of topic narrow-run-partials; what was not committed is done again/,
  );
  t.notMatch(said, /\n {4}at /);
  if (process.env.MIRRORMON_TEXTS) process.stderr.write(`# too large: ${left.stderr}${said}`);
});

/** What a process says until there is a text in it; it is ended then. */
async function saidUntil(child: ReturnType<typeof start>, text: RegExp): Promise<string> {
  let said = '';
  for await (const piece of child.stderr!.setEncoding('utf8')) {
    said += piece;
    if (text.test(said)) child.kill('SIGKILL');
  }
  return said;
}
