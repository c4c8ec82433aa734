import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { isServer } from '../../text/address.ts';
import { parseMoment } from '../../text/moment.ts';
import { nearest } from '../../text/nearest.ts';
import { percentDecoded } from '../../text/percent.ts';

const SCHEME = 'kafka://';
const FORM = 'kafka://HOST:PORT/TOPIC, such as kafka://broker:9092/operator-logs';
const options = ['start', 'end', 'partitions', 'isolation'];

/**
 * What a URL asks for: brokers and topics, `?start=`, `end=`, `partitions=` and `isolation=`; all else as configured.
 * Without a host, the brokers are those of the configuration.
 * @throws {MirrormonError} USAGE
 */
export function withUrl(url: string, config: KafkaConfig): KafkaConfig {
  const [, hosts, path, query] = /^kafka:\/\/([^/?]*)\/([^?]*)(?:\?(.*))?$/i.exec(url) ?? [];
  if (hosts === undefined || path === undefined)
    throw wrong(url, 'is no address of a Kafka topic', `write ${FORM}`);
  if (hosts.includes('@')) {
    const shown = `${SCHEME}…@${hosts.slice(hosts.lastIndexOf('@') + 1)}/${path}`;
    throw wrong(
      shown,
      'holds credentials, which everyone on this machine could see',
      'set kafka.sasl in a configuration',
    );
  }
  const topics = percentDecoded(path.replace(/\/$/, ''))
    .split(',')
    .filter((topic) => topic !== '');
  if (topics.length === 0) throw wrong(url, 'names no topic', `write ${FORM}`);
  const strange = topics.find((topic) => !/^[\w.-]{1,249}$/.test(topic));
  if (strange !== undefined) {
    throw wrong(
      url,
      `'${strange}' cannot be the name of a topic`,
      'those have letters, digits, dots, hyphens and underscores',
    );
  }
  const brokers = hosts === '' ? config.brokers : hosts.split(',');
  if (brokers.length === 0)
    throw wrong(url, 'names no broker', 'write its host and port, or set kafka.brokers');
  const odd = brokers.find((broker) => !isServer(broker));
  if (odd !== undefined) throw wrong(url, `'${odd}' is no address of a broker`, `write ${FORM}`);
  return {
    ...config,
    brokers,
    topics,
    pattern: undefined,
    ...queried(url, new URLSearchParams(query ?? ''), config),
  };
}

function queried(url: string, query: URLSearchParams, config: KafkaConfig): Partial<KafkaConfig> {
  for (const key of query.keys()) {
    if (options.includes(key)) continue;
    const meant = nearest(key, options);
    throw wrong(
      url,
      `has no option ${key}`,
      meant === undefined ? `it takes ${options.join(', ')}` : `did you mean ${meant}?`,
    );
  }
  const start = query.get('start') ?? config.start;
  if (start !== 'earliest' && start !== 'latest' && parseMoment(start, 0) === undefined) {
    throw wrong(
      url,
      `cannot start at '${start}'`,
      'start is earliest, latest, a time, or a duration before now',
    );
  }
  const end = query.get('end') ?? config.end;
  if (end !== 'never' && end !== 'latest')
    throw wrong(url, `cannot end at '${end}'`, 'end is never or latest');
  const isolation = query.get('isolation') ?? config.isolation;
  if (isolation !== 'read_committed' && isolation !== 'read_uncommitted') {
    throw wrong(url, `has no isolation '${isolation}'`, 'it is read_committed or read_uncommitted');
  }
  const listed = query.get('partitions');
  const partitions =
    listed === null
      ? config.partitions
      : listed.split(',').map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  if (partitions?.some((partition) => !Number.isSafeInteger(partition))) {
    throw wrong(url, `'${listed}' is no list of partitions`, 'write their numbers, such as partitions=0,3');
  }
  return { start, end, isolation, partitions };
}

function wrong(where: string, message: string, hint: string): MirrormonError {
  return new MirrormonError('USAGE', message, { where: where.replace(/\?.*/, ''), hint });
}

/** What messages call the topics that a configuration names. */
export function kafkaName({ brokers, topics, pattern }: KafkaConfig): string {
  return `kafka://${brokers.join(',')}/${pattern ?? topics.join(',')}`;
}
