import type { Format, HandlerType, OnError } from '../config.ts';

/** How an option's value is written. How each is read, checked and worded is configuration's business. */
export type OptionType =
  | 'text'
  /** A socket address. */
  | 'address'
  /** An http or https URL, `$(NAME)` in it from the environment. */
  | 'url'
  /** In Go's syntax; its value is in milliseconds. */
  | 'duration'
  /** Layout of events, 2 or 3. */
  | 'version'
  | { readonly integer: readonly [least: number, most?: number] }
  | { readonly oneOf: readonly string[]; readonly anyCase?: boolean };

/** Everything there is to say about one option, said once. */
export interface OptionSpec {
  readonly type: OptionType;
  /** undefined = none, so it may be left out. */
  readonly default: unknown;
  /** What documentation says where the default depends on something. */
  readonly defaultText?: string;
  /** Of an option without which the handler cannot be: how to add it. */
  readonly required?: string;
  /** A sentence. */
  readonly description: string;
  /** As it would be written in YAML. */
  readonly example?: string;
  /** A value of the wrong type is a warning, and the default counts: OpenZiti ignores it silently. */
  readonly lenient?: boolean;
}

/** By key; a group has options of its own below its key. */
export type OptionSpecs = { readonly [key: string]: OptionSpec | OptionGroupSpec };

export interface OptionGroupSpec {
  readonly options: OptionSpecs;
}

/** What a type of handler may be told: configuration, check, help and documentation read it from here. */
export interface HandlerSpec {
  readonly type: HandlerType;
  /** What it writes to: a phrase. */
  readonly description: string;
  /** Its own options; those of all handlers stand in `commonOptions`. */
  readonly options: OptionSpecs;
  /** How records may be written, the default first; empty where there is no choice. */
  readonly formats: readonly Format[];
  /** Where a format must be said, as OpenZiti demands: how to add it. */
  readonly formatRequired?: string;
  /** What it may do when a write fails, its default first. */
  readonly onError: readonly OnError[];
  /** Which of the Operator's settings gives its subscriptions of logs their level. */
  readonly level: 'logLevel' | 'otelLogLevel';
}

/** Options of every handler that stand before those of its type. */
export const layoutOptions = {
  format: {
    type: { oneOf: ['json', 'table', 'logs'], anyCase: true },
    default: undefined,
    defaultText: 'json; file needs it',
    description:
      'json: an event or record a line. logs: log records alone. table: figures to look at (stdout).',
  },
  version: {
    type: 'version',
    default: undefined,
    defaultText: '2 of events made here; others unchanged',
    description: 'Layout of metric events.',
    example: '3',
  },
} as const satisfies OptionSpecs;

/** Options of every handler that stand behind those of its type: how it waits, and for how long. */
export const deliveryOptions = {
  bufferSize: {
    type: { integer: [0, 1_000_000] },
    default: 10,
    description: 'Batches that may wait for this handler.',
    lenient: true,
  },
  onError: {
    type: { oneOf: ['wait', 'spool', 'fail', 'drop'] },
    default: undefined,
    defaultText: 'wait; spool for otlp and kafka in live runs',
    description:
      'wait: retry for ever and slow the source. spool (otlp, kafka): keep what cannot be delivered in a bounded spool, deliver it in order later, and let the others go on. fail: end the run after retryFor. drop: go on, and count it.',
  },
  retryFor: {
    type: 'duration',
    default: 300_000,
    description: 'How long onError: fail tries again.',
  },
} as const satisfies OptionSpecs;

/** Of handlers that write to a network: where `onError: spool` keeps what cannot be delivered. */
export const spoolOptions = {
  options: {
    path: {
      type: 'text',
      default: undefined,
      defaultText: 'in memory',
      description: 'The folder that holds the spool of onError: spool; of one handler alone.',
      example: '/var/lib/mirrormon/spool',
    },
    maxsizemb: {
      type: { integer: [1, 1_000_000] },
      default: 64,
      description:
        'MiB of the spool. When it is full, it slows the source while the peer answers; while that cannot be reached, the oldest are dropped and counted.',
    },
  },
} as const satisfies OptionGroupSpec;
