import { type HandlerSpec, spoolOptions } from '../spec.ts';

/** What records are packed with. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

export const kafkaSpec = {
  type: 'kafka',
  description: 'a topic of Kafka; brokers, TLS and SASL are those of the section kafka',
  options: {
    topic: {
      type: 'text',
      default: undefined,
      required: 'add the topic, topic: metrics',
      description: 'The topic that a kafka handler writes to. It must exist.',
      example: 'mirrormon-metrics',
    },
    key: {
      type: 'text',
      default: undefined,
      defaultText: 'none',
      description:
        'Keys of the records of a kafka handler, by which Kafka chooses their partitions: none; series, of metric events (source, metric and tags); or a field, such as fields.session_id. A record without it has no key.',
      example: 'series',
    },
    compression: {
      type: { oneOf: compressions },
      default: undefined,
      defaultText: 'none',
      description: 'How batches of a kafka handler are packed; zstd needs Node 22.15.',
    },
    spool: spoolOptions,
  },
  formats: ['json', 'logs'],
  onError: ['spool', 'wait', 'fail', 'drop'],
  level: 'logLevel',
} as const satisfies HandlerSpec;
