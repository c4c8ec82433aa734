/**
 * JSON objects that hold a log line, told by their shape. The line is a text, or an object that it was parsed to; beside
 * it stand its time and where it came from.
 */
import { headerOfLine } from '../../tracing/text/header.ts';
import { innerKeys, textOfBase64 } from './inner-values.ts';
import { isObject, isText, type JsonObject, objectOf } from './json-object.ts';
import { otlpRecord, pairsOf } from './otlp-record.ts';

export interface Shape {
  /** What it holds: a text, or where in it the object stands that is the record or holds it. */
  readonly inner: { readonly text: string } | { readonly path: readonly string[] };
  /** Anything that stands for a time. */
  readonly time: unknown;
  /** What tells pod, container and namespace: labels of some kind. */
  readonly labels?: unknown;
  /** Lines of one stream belong together. */
  readonly stream?: string | undefined;
  /** The text goes on in the stream's next one. */
  readonly more?: boolean | undefined;
  /** It is one only since its text is a record. */
  readonly isGuess?: boolean | undefined;
  /** Keys that do not stay fields of the record; undefined if none stays. */
  readonly dropped?: readonly string[] | undefined;
}

/** Whether an object is a record of tracing's JSON layouts, or an event of OpenZiti, and holds none. */
export function isRecord(o: JsonObject): boolean {
  if (isObject(o.fields)) return isText(o.level) || isText(o.target) || o.timestamp !== undefined;
  if (isText(o.level) && isText(o.target)) return true;
  if (isText(o.namespace) && (Object.hasOwn(o, 'event_src_id') || Object.hasOwn(o, 'version'))) return true;
  return isText(o.metric) && isText(o.source_id);
}

/** Whether a text is a record, or wraps one: only then is an object of no certain shape taken for its wrapping. */
export function holdsRecord(text: string): boolean {
  const start = text.search(/[^\s\0\ufeff]/);
  if (start < 0) return false;
  if (text[start] === '{') {
    const object = objectOf(text.slice(start));
    return object !== undefined && (isRecord(object) || shapeOf(object) !== undefined);
  }
  if (headerOfLine(Buffer.from(text.slice(0, 128))) !== undefined) return true;
  const brace = text.indexOf('{"', start);
  if (brace < 0 || brace > 512) return false;
  const object = objectOf(text.slice(brace));
  return object !== undefined && isRecord(object);
}

/** What an object holds if it is no record itself; undefined if nothing. */
export function shapeOf(o: JsonObject): Shape | undefined {
  for (const shape of shapes) {
    const found = shape(o);
    if (found !== undefined) return found;
  }
  return undefined;
}

const has = (o: JsonObject, ...keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(o, key));

/** Whatever says when, of an object without a certain shape. */
export function timeBeside(o: JsonObject): unknown {
  return (
    o['@timestamp'] ??
    o.timestamp ??
    o.time ??
    o.date ??
    o.ts ??
    o._time ??
    o.datetime ??
    o.TimeGenerated ??
    o.publishTime
  );
}

const sternJson = (o: JsonObject): Shape | undefined => {
  const { message, podName, containerName, pod, container, namespace } = o;
  const isJson = isText(podName) && isText(containerName) && isText(message);
  const isExtended = isText(pod) && isText(container) && message !== undefined && !has(o, 'timestamp');
  if (!isJson && !isExtended) return undefined;
  const stream = JSON.stringify([namespace, podName ?? pod, containerName ?? container]);
  return { ...held(message, 'message'), time: undefined, labels: o, stream };
};

/** Docker splits lines at this many bytes, and fluentd's tail input does not join them. */
export const DOCKER_PART = 16_384;
/** What stands beside `log` where fluentd or Fluent Bit has wrapped a container's line. */
const shipperKeys = ['kubernetes', 'docker', 'logtag', '_p', 'container_id', 'partial_message'];
const shippedAway = [
  'log',
  'logtag',
  '_p',
  'partial_message',
  'partial_id',
  'partial_ordinal',
  'partial_last',
];

/** An object with a text `log` that the user has said to be a line of docker's, or of fluentd's. */
export function logShape(o: JsonObject, of: 'docker' | 'fluentd'): Shape | undefined {
  const { log, stream } = o;
  if (!isText(log)) return undefined;
  const common = { inner: { text: log }, time: timeBeside(o) };
  if (of === 'docker') return { ...common, stream: String(stream), more: !log.endsWith('\n') };
  return {
    ...common,
    labels: o.kubernetes,
    stream: shippedStream(o),
    more: goesOn(o, log),
    dropped: shippedAway,
  };
}

const dockerLine = (o: JsonObject): Shape | undefined => {
  const { log, stream, time } = o;
  if (!isText(log) || !isText(stream) || !isText(time) || has(o, ...shipperKeys)) return undefined;
  return { inner: { text: log }, time, stream, more: !log.endsWith('\n') };
};

const shippedLog = (o: JsonObject): Shape | undefined => {
  const { log } = o;
  if (!isText(log)) return undefined;
  const isGuess = !has(o, 'stream', ...shipperKeys);
  if (isGuess && !holdsRecord(log)) return undefined;
  return {
    inner: { text: log },
    isGuess,
    time: timeBeside(o),
    labels: o.kubernetes,
    stream: shippedStream(o),
    more: goesOn(o, log),
    dropped: shippedAway,
  };
};

/** Of a line that the runtime has split: CRI's tag, the keys of Docker's fluentd driver, or json-file's part size. */
function goesOn({ logtag, _p, partial_message, partial_last }: JsonObject, text: string): boolean {
  const tag = logtag ?? _p;
  if (isText(tag)) return tag.startsWith('P');
  if (partial_message === 'true' || partial_message === true) return String(partial_last) !== 'true';
  return text.length >= DOCKER_PART / 4 && !text.endsWith('\n') && Buffer.byteLength(text) === DOCKER_PART;
}

function shippedStream({ stream, kubernetes, docker, container_id }: JsonObject): string {
  const { pod_id, pod_name, namespace_name, container_name } = Object(kubernetes) as JsonObject;
  const container = container_id ?? (Object(docker) as JsonObject).container_id;
  return JSON.stringify([stream, container, pod_id, namespace_name, pod_name, container_name]);
}

/** Fluent Bit's and Vector's `message`, where something beside it says that it is a container's line. */
const shippedMessage = (o: JsonObject): Shape | undefined => {
  const { message, logtag, _p } = o;
  if (!isText(message) || isText(o.level)) return undefined;
  const isCri = isText(o.stream) && (logtag ?? _p) !== undefined;
  const isVector = isText(o.source_type) || (isText(o.file) && isText(o.stream));
  if (!isCri && !isVector) return undefined;
  return {
    inner: { text: message },
    time: timeBeside(o),
    labels: o.kubernetes,
    stream: shippedStream(o),
    more: goesOn(o, message),
  };
};

const journal = (o: JsonObject): Shape | undefined => {
  const { MESSAGE, __REALTIME_TIMESTAMP: at, _SOURCE_REALTIME_TIMESTAMP: source } = o;
  if (
    MESSAGE === undefined ||
    !has(o, '__REALTIME_TIMESTAMP', '_BOOT_ID', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER')
  )
    return undefined;
  // what is not UTF-8 throughout, or holds escapes, is a list of bytes there
  const text = Array.isArray(MESSAGE) ? Buffer.from(MESSAGE as number[]).toString() : MESSAGE;
  if (!isText(text)) return undefined;
  const stream = JSON.stringify([o._PID, o.CONTAINER_ID, o.SYSLOG_IDENTIFIER]);
  const more = o.CONTAINER_PARTIAL_MESSAGE === 'true';
  return { inner: { text }, time: at ?? source, stream, more, labels: { container: o.CONTAINER_NAME } };
};

const googleCloud = (o: JsonObject): Shape | undefined => {
  const { textPayload, jsonPayload } = o;
  const { labels } = Object(o.resource) as JsonObject;
  const time = o.timestamp ?? o.receiveTimestamp;
  const common = { time, labels, stream: JSON.stringify(labels) };
  if (isText(textPayload)) return { inner: { text: textPayload }, ...common };
  if (!isObject(jsonPayload)) return undefined;
  const { message } = jsonPayload;
  const inner =
    isText(message) && !isRecord(jsonPayload) && holdsRecord(message)
      ? { text: message }
      : { path: ['jsonPayload'] };
  return { inner, ...common };
};

const cloudWatch = (o: JsonObject): Shape | undefined => {
  const { message, logStreamName, timestamp, id } = o;
  const isEvent = has(o, 'logStreamName', 'ingestionTime', 'eventId') || (isText(id) && /^\d{40,}$/.test(id));
  if (!isText(message) || !isEvent || isText(o.level)) return undefined;
  return { inner: { text: message }, time: timestamp, stream: isText(logStreamName) ? logStreamName : '' };
};

const logcli = (o: JsonObject): Shape | undefined => {
  const { line, labels, timestamp } = o;
  if (!isText(line) || !(isObject(labels) || isText(timestamp))) return undefined;
  return { inner: { text: line }, time: timestamp, labels, stream: JSON.stringify(labels) };
};

const datadog = (o: JsonObject): Shape | undefined => {
  // as archives have it
  if (isObject(o.attributes) && isRecord(o.attributes) && has(o, 'date', 'service', 'source'))
    return { inner: { path: ['attributes'] }, time: timeBeside(o), labels: o.tags };
  const key = isObject(o.attributes) ? 'attributes' : 'content';
  const entry = o[key];
  if (!isObject(entry) || !has(entry, 'message', 'attributes')) return undefined;
  const { attributes, message, timestamp, tags } = entry;
  const inner =
    isObject(attributes) && isRecord(attributes)
      ? { path: [key, 'attributes'] }
      : isText(message)
        ? { text: message }
        : undefined;
  return inner && { inner, time: timestamp, labels: tags, stream: isText(entry.host) ? entry.host : '' };
};

/** A hit, with its source or, as Kibana asks for, with fields that are lists of values. */
const elasticsearch = (o: JsonObject): Shape | undefined => {
  if (isObject(o._source)) return { inner: { path: ['_source'] }, time: undefined };
  const { fields } = o;
  if (!isText(o._index) || !isObject(fields)) return undefined;
  const first = (key: string): unknown => (Array.isArray(fields[key]) ? fields[key][0] : undefined);
  const text = ['message', 'log', 'event.original']
    .map(first)
    .find((held) => isText(held) && holdsRecord(held));
  return isText(text) ? { inner: { text }, time: first('@timestamp') } : undefined;
};

const splunk = (o: JsonObject): Shape | undefined => {
  if (isObject(o.result) && has(o.result, '_raw')) return { inner: { path: ['result'] }, time: undefined };
  return isText(o._raw) ? { inner: { text: o._raw }, time: o._time } : undefined;
};

/**
 * A log record of OTLP's JSON: its body is the line, or the record in pairs, or it is itself an event with its fields as
 * attributes.
 */
const otlp = (o: JsonObject): Shape | undefined => {
  const { body, timeUnixNano, observedTimeUnixNano } = o;
  const record = otlpRecord(o);
  if (record === undefined) return undefined;
  const own = timeUnixNano !== '0' && timeUnixNano !== undefined ? timeUnixNano : observedTimeUnixNano;
  const { stringValue } = Object(body) as JsonObject;
  const line = isText(stringValue) ? stringValue : pairsOf(body);
  const text = line !== undefined && holdsRecord(line) ? line : record;
  return { inner: { text }, time: own, isGuess: true };
};

/** Any object with a text that is a record, or an object that is one, or wraps one. */
const anyOther = (o: JsonObject): Shape | undefined => {
  if (isRecord(o) && !isText(o.message)) return undefined;
  for (const key of innerKeys) {
    if (!Object.hasOwn(o, key)) continue;
    const value = unpackedText(o[key], o);
    const isInner = isText(value)
      ? holdsRecord(value) || value !== o[key]
      : isObject(value) && (isRecord(value) || shapeOf(value) !== undefined);
    if (!isInner) continue;
    return { ...held(value, key), time: timeBeside(o), labels: o.kubernetes ?? o.labels, isGuess: true };
  }
  return undefined;
};

/** The value, or what it stands for as base64; a field of a record may be that for other reasons. */
function unpackedText(value: unknown, o: JsonObject): unknown {
  return isText(value) && !isRecord(o) ? (textOfBase64(value) ?? value) : value;
}

function held(value: unknown, key: string): Pick<Shape, 'inner'> {
  return { inner: isText(value) ? { text: value } : { path: [key] } };
}

/** In this order: the first that fits. */
const shapes: readonly ((o: JsonObject) => Shape | undefined)[] = [
  sternJson,
  dockerLine,
  shippedLog,
  shippedMessage,
  journal,
  googleCloud,
  cloudWatch,
  logcli,
  datadog,
  elasticsearch,
  splunk,
  otlp,
  anyOther,
];
