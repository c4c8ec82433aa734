import { isServer } from '../text/address.ts';
import { MOMENT_FORMS, parseMoment } from '../text/moment.ts';
import { duration, integer, oneOf, SHORTEST_MS, text, truth } from './scalars.ts';
import { group, setting } from './setting.ts';
import { textList } from './special.ts';
import { unfit, type ValueKind } from './value-kind.ts';

const start: ValueKind<string> = {
  label: 'earliest, latest, or a time',
  schema: { type: 'string', minLength: 1 },
  read(node, path, reading) {
    const written = node.kind === 'scalar' ? node.text : '';
    if (isStart(written)) return written;
    return unfit(node, path, `earliest, latest, or ${MOMENT_FORMS}`, reading);
  },
};

/** Hosts, each with or without a port. */
const servers: typeof textList = {
  ...textList,
  read(node, path, reading) {
    const list = textList.read(node, path, reading);
    if (list?.every(isServer) !== false) return list;
    return unfit(
      node,
      path,
      'a list of hosts, each with a port up to 65535 or none, such as [broker-1:9092]',
      reading,
    );
  },
};

export function isStart(text: string): boolean {
  return text === 'earliest' || text === 'latest' || parseMoment(text, 0) !== undefined;
}

/** `0,3` or a list of numbers. */
const partitions: ValueKind<readonly number[], readonly number[] | number> = {
  label: 'list of whole numbers',
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'array', items: { type: 'integer', minimum: 0 } },
    ],
  },
  read(node, path, reading) {
    const items = node.kind === 'list' ? node.items : [node];
    const numbers = items.map((item) => (item.kind === 'scalar' ? Number(item.value) : Number.NaN));
    if (numbers.length > 0 && numbers.every((number) => Number.isInteger(number) && number >= 0))
      return numbers;
    return unfit(node, path, 'a list of whole numbers from 0 on, such as [0, 3]', reading);
  },
};

/** What is read from Kafka, and how it is reached, for the input and the handlers alike. */
export const kafkaGroup = group({
  brokers: setting(servers, {
    default: [],
    defaultText: 'none',
    description: 'Some brokers of the cluster, as host:port (9092 where none is written).',
    example: '[broker-1:9092, broker-2:9092]',
  }),
  topics: setting(textList, {
    default: [],
    defaultText: 'none',
    description:
      'Topics that are read. Also written as an argument, kafka://HOST:PORT/TOPIC, which counts instead of it.',
    example: '[operator-logs]',
  }),
  pattern: setting(text, {
    default: undefined,
    defaultText: 'none',
    description:
      "Instead of topics: an expression (RE2) for the whole names of those that are read. What comes into being later is read, too. Kafka's own (__…) are not.",
    example: 'operator-.*',
  }),
  partitions: setting(partitions, {
    default: undefined,
    defaultText: 'all',
    description: 'Partitions of each topic that are read.',
    example: '[0, 3]',
  }),
  start: setting(start, {
    default: 'earliest',
    description:
      'Where reading begins: with the earliest record that is kept, behind the latest, or at a time (also a duration before now).',
    example: '6h',
  }),
  end: setting(oneOf('never', 'latest'), {
    default: 'never',
    description:
      'Where it ends: never, which is a live run, or behind the latest record that was there when it began, as an archive.',
  }),
  isolation: setting(oneOf('read_committed', 'read_uncommitted'), {
    default: 'read_committed',
    description: 'Whether records of transactions count before these are committed, and if they are aborted.',
  }),
  role: setting(oneOf('map', 'reduce', 'both'), {
    default: undefined,
    defaultText: 'one process does all',
    description:
      'What this process does of a run that several share: map reads records and hands on what it measured of them, reduce adds that up and reports, both does both. See lib/roles/README.md.',
  }),
  group: setting(text, {
    default: 'mirrormon',
    description:
      'The name of a run that several processes share. Its topics are NAME-partials, NAME-changelog and NAME-reports, its consumer groups NAME-map and NAME-reduce.',
    example: 'mirrormon-production',
  }),
  shares: setting(integer(1, 1000), {
    default: 8,
    description:
      'Into how many shares the series of a shared run go, when its topics are made: as many processes can reduce.',
  }),
  commitEvery: setting(duration({ least: SHORTEST_MS }), {
    default: 1000,
    defaultText: '1s',
    description: 'How often a process of a shared run commits what it did, at most.',
    example: '5s',
  }),
  commitmb: setting(integer(1, 1_000_000), {
    default: 64,
    description: 'MiB of records behind which a process that maps commits, however little time has passed.',
  }),
  idleAfter: setting(duration({ least: 0 }), {
    default: 60_000,
    defaultText: '1m',
    description:
      'Reports of a shared run wait for all partitions of its inputs to have come to their time, but not for one without a record for so long; 0s = always.',
    example: '5m',
  }),
  tls: group({
    enabled: setting(truth, {
      default: undefined,
      defaultText: 'true if a file is named below',
      description: 'Whether brokers are reached by TLS.',
    }),
    ca: setting(text, {
      default: undefined,
      defaultText: "the system's",
      description: "The certificate, in PEM, of the authority that signed the brokers'.",
      example: '/etc/kafka/ca.pem',
    }),
    cert: setting(text, {
      default: undefined,
      description: 'A certificate of our own, in PEM, where brokers want one.',
      example: '/etc/kafka/client.pem',
    }),
    key: setting(text, { default: undefined, description: 'Its key.', example: '/etc/kafka/client.key' }),
    minVersion: setting(oneOf('TLSv1.2', 'TLSv1.3'), {
      default: 'TLSv1.2',
      description: 'The oldest version of TLS that is spoken.',
    }),
  }),
  sasl: group({
    mechanism: setting(oneOf('PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'), {
      default: undefined,
      defaultText: 'no SASL',
      description: 'How brokers are shown who we are.',
    }),
    username: setting(text, { default: undefined, description: 'Of PLAIN and SCRAM.' }),
    passwordFile: setting(text, {
      default: undefined,
      description: 'The file that holds the password; read for every connection.',
      example: '/run/secrets/kafka-password',
    }),
    tokenFile: setting(text, {
      default: undefined,
      description: 'The file that holds the token of OAUTHBEARER; read for every connection.',
      example: '/run/secrets/kafka-token',
    }),
  }),
});
