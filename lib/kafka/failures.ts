import { systemReason } from '../errors.ts';

/** What went wrong with Kafka, for a person: a phrase, and what to do. */
export interface KafkaFailure {
  readonly message: string;
  readonly hint: string | undefined;
  /** Whether the same may succeed later, without anybody's doing. */
  readonly canRetry: boolean;
  /** Whether it lies in a record, which brokers will never take. */
  readonly isOfRecord: boolean;
  readonly isTooLarge: boolean;
}

interface Explanation {
  readonly message: string;
  readonly hint?: string;
  readonly canRetry?: boolean;
  readonly isOfRecord?: boolean;
  readonly isTooLarge?: boolean;
}

const AUTHORITY =
  'name the certificate of the authority that signed it in kafka.tls.ca, or the name that is in it as broker';

const OUR_CERTIFICATE = 'the broker wants a certificate of ours, or does not accept it';
const TRUSTED = 'set kafka.tls.cert and key to one that an authority of the broker has signed';

/** Who shares a run has a transactional id of its own, so it is the broker that puts it out, as a rule. */
const PUT_OUT: Explanation = {
  message:
    'the broker has ended the transaction of this process, which took too long, or another process writes under its transactional id',
  hint: 'if it comes again and again, this machine or the brokers are too busy',
  canRetry: true,
};

/** By the code that TLS or the system gives. */
const byCode: Readonly<Record<string, Explanation>> = {
  SELF_SIGNED_CERT_IN_CHAIN: { message: "the broker's certificate is not trusted", hint: AUTHORITY },
  DEPTH_ZERO_SELF_SIGNED_CERT: { message: "the broker's certificate is not trusted", hint: AUTHORITY },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { message: "the broker's certificate is not trusted", hint: AUTHORITY },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { message: "the broker's certificate is not trusted", hint: AUTHORITY },
  CERT_HAS_EXPIRED: {
    message: "the broker's certificate has expired",
    hint: 'renew it, or correct the clock',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: "the broker's certificate is for another name",
    hint: 'name the broker as its certificate does in kafka.brokers',
  },
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: {
    message: 'the broker ended the TLS handshake',
    hint: 'it may want a certificate of yours: kafka.tls.cert and key',
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    message: 'the broker wants a certificate of yours',
    hint: 'set kafka.tls.cert and kafka.tls.key',
  },
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: { message: OUR_CERTIFICATE, hint: TRUSTED },
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: { message: OUR_CERTIFICATE, hint: TRUSTED },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: { message: OUR_CERTIFICATE, hint: TRUSTED },
  ECONNREFUSED: {
    message: 'connection refused',
    hint: 'is the broker running, and is this its port?',
    canRetry: true,
  },
  ENOTFOUND: { message: 'unknown host', hint: 'correct kafka.brokers', canRetry: true },
  EAI_AGAIN: { message: 'the host cannot be looked up now', canRetry: true },
  ETIMEDOUT: { message: 'no answer', hint: 'is there a firewall between?', canRetry: true },
};

/** By Kafka's own name of the error. */
const byApiId: Readonly<Record<string, Explanation>> = {
  SASL_AUTHENTICATION_FAILED: {
    message: 'the broker does not accept these credentials',
    hint: 'check kafka.sasl: mechanism, username, and what is in passwordFile or tokenFile',
  },
  UNSUPPORTED_SASL_MECHANISM: {
    message: 'the broker does not take this SASL mechanism',
    hint: 'set another kafka.sasl.mechanism',
  },
  ILLEGAL_SASL_STATE: {
    message: 'the broker expects no SASL at this port',
    hint: 'leave kafka.sasl out, or name the port that takes it',
  },
  TOPIC_AUTHORIZATION_FAILED: {
    message: 'this user may not use the topic',
    hint: 'grant Read and Describe (to write: Write) on it: kafka-acls --add',
  },
  GROUP_AUTHORIZATION_FAILED: {
    message: 'this user may not use the consumer group',
    hint: 'grant Read on the group: kafka-acls --add --group',
  },
  CLUSTER_AUTHORIZATION_FAILED: {
    message: 'this user may not do that in this cluster',
    hint: 'grant IdempotentWrite on the cluster: kafka-acls --add',
  },
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: {
    message: 'this user may not use the transactional id',
    hint: 'grant Write on it: kafka-acls --add --transactional-id',
  },
  MESSAGE_TOO_LARGE: {
    message: 'a record is larger than the topic takes',
    hint: 'raise max.message.bytes of the topic',
    isTooLarge: true,
    isOfRecord: true,
  },
  RECORD_LIST_TOO_LARGE: {
    message: 'a request is larger than the topic takes',
    hint: 'raise max.message.bytes of the topic',
    isTooLarge: true,
    isOfRecord: true,
  },
  INVALID_RECORD: {
    message: 'the broker does not take such a record',
    hint: 'a compacted topic takes records with a key only: set key',
    isOfRecord: true,
  },
  NOT_ENOUGH_REPLICAS: {
    message: 'too few replicas are in sync',
    hint: 'see min.insync.replicas',
    canRetry: true,
  },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: {
    message: 'too few replicas are in sync',
    hint: 'see min.insync.replicas',
    canRetry: true,
  },
  INVALID_PRODUCER_EPOCH: PUT_OUT,
  PRODUCER_FENCED: PUT_OUT,
  ILLEGAL_GENERATION: {
    message: 'the group went on without this process, which did not answer for too long',
    canRetry: true,
  },
};

/** By what the library says, where nothing has a code. */
const byText: readonly (readonly [RegExp, Explanation])[] = [
  [
    /^Unknown topic /,
    {
      message: 'there is no such topic, or this user may not see it',
      hint: 'create it: kafka-topics --create',
      canRetry: true,
    },
  ],
  [
    /^Broker requires TLS/,
    {
      message: 'the broker speaks TLS at this port',
      hint: 'set kafka.tls, such as { enabled: true, ca: ca.pem }',
    },
  ],
  [
    /TLS handshake failed|secure TLS connection/,
    { message: 'the broker speaks no TLS at this port', hint: 'leave kafka.tls out, or name its TLS port' },
  ],
  [
    /SASL mechanism|suitable SASL/,
    { message: 'the broker does not take this SASL mechanism', hint: 'set another kafka.sasl.mechanism' },
  ],
  [/^SASL authentication failed|^Authentication failed/, byApiId.SASL_AUTHENTICATION_FAILED!],
  [
    /^Connection closed/,
    {
      // by TLS 1.3 a certificate is refused behind the handshake, which the library calls so, too
      message: 'the broker closed the connection',
      hint: 'it may want credentials (kafka.sasl), or a certificate of ours that it trusts (kafka.tls.cert and key); or name another of its ports',
      canRetry: true,
    },
  ],
  [
    /timed out/i,
    { message: 'no answer in time', hint: 'is this the address of a Kafka broker?', canRetry: true },
  ],
];

const unknown = { hint: undefined, canRetry: false, isOfRecord: false, isTooLarge: false };

/** What an error of the library comes to. Its own texts say that a connection failed, and seldom why. */
export function explainFailure(error: unknown): KafkaFailure {
  const causes = causesOf(error);
  if (isRefusedToken(causes)) return { ...unknown, ...byApiId.SASL_AUTHENTICATION_FAILED! };
  for (const cause of causes) {
    const { code, apiId } = cause as { readonly code?: string; readonly apiId?: string };
    const found = (apiId !== undefined && byApiId[apiId]) || (code !== undefined && byCode[code]);
    if (found) return { ...unknown, ...aboutTopic(found, causes) };
  }
  for (const cause of causes) {
    const found = byText.find(([text]) => text.test(cause.message));
    if (found !== undefined) return { ...unknown, ...found[1] };
  }
  const deepest = causes.at(-1) ?? error;
  const { canRetry } = deepest as { readonly canRetry?: boolean };
  return { ...unknown, message: systemReason(deepest), canRetry: canRetry ?? false };
}

interface Produced {
  readonly responses?: readonly {
    readonly name: string;
    readonly partitionResponses: readonly { readonly errorCode: number }[];
  }[];
}

/** Names the topic that did not take something, where the broker's answer does: a request may be for several. */
function aboutTopic(found: Explanation, causes: readonly Error[]): Explanation {
  const refusing = causes
    .flatMap((cause) => (cause as { readonly response?: Produced }).response?.responses ?? [])
    .find(({ partitionResponses = [] }) => partitionResponses.some(({ errorCode }) => errorCode !== 0));
  if (refusing === undefined) return found;
  const named = (text: string): string => text.replace('the topic', `topic ${refusing.name}`);
  return {
    ...found,
    message: named(found.message),
    ...(found.hint !== undefined && { hint: named(found.hint) }),
  };
}

/** The library goes on behind a token that was refused, with a request that comes too early then. */
function isRefusedToken(causes: readonly Error[]): boolean {
  return (
    causes.some(({ message }) => message.includes('executing API ApiVersions(')) &&
    causes.some((cause) => (cause as { readonly apiId?: string }).apiId === 'ILLEGAL_SASL_STATE')
  );
}

/** The error and everything that led to it, each before its own causes. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const { errors = [] } = error as { readonly errors?: readonly unknown[] };
  return [error, ...errors.flatMap(causesOf), ...causesOf(error.cause)];
}
