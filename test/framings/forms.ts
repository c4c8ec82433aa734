/**
 * Forms in which a log reaches its reader, made of its records: what the table of lib/framings/README.md says, the
 * fixtures hold, and the fuzzer mixes.
 */

import { gzipSync } from 'node:zlib';

/** A record and when it was written, as ISO 8601 in UTC to the millisecond. */
export interface Line {
  readonly json: string;
  readonly time: string;
}

export interface Form {
  readonly name: string;
  /** What tells it. */
  readonly by: string;
  /** Times and fields that are taken. */
  readonly takes: string;
  readonly write: (lines: readonly Line[]) => string | Buffer;
  /** Lines that are no records, which it has beside them. */
  readonly foreign?: number;
}

const start = (json: string): unknown => JSON.parse(json);
const digits = (time: string, figures: number): string =>
  String(Date.parse(time)) + '0'.repeat(Math.max(0, figures - 13));
const clock = (time: string): string => time.slice(11, 19);
const day = (time: string): string => {
  const date = new Date(time);
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  return `${month} ${String(date.getUTCDate()).padStart(2)}`;
};
const each =
  (write: (line: Line, k: number) => string) =>
  (lines: readonly Line[]): string =>
    lines.map((line, k) => `${write(line, k)}\n`).join('');
const behind = (prefix: (time: string, k: number) => string) =>
  each(({ json, time }, k) => `${prefix(time, k)}${json}`);
const objects = (wrap: (line: Line, k: number) => unknown) =>
  each((line, k) => JSON.stringify(wrap(line, k)));
/** A JSON document into which records go as they are, digits and all. */
const withRecords = (document: unknown, lines: readonly Line[], indent?: number): string =>
  JSON.stringify(document, undefined, indent).replace(/"@(\d+)"/g, (_, k) => lines[Number(k)]!.json);
const utf16 = (text: string, isBig: boolean, mark: boolean): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const utf32 = (text: string, isBig: boolean): Buffer => {
  const codes = Uint32Array.from(text, (character) => character.codePointAt(0)!);
  const bytes = Buffer.alloc(4 * codes.length);
  for (const [k, code] of codes.entries())
    if (isBig) bytes.writeUInt32BE(code, 4 * k);
    else bytes.writeUInt32LE(code, 4 * k);
  return bytes;
};
const plain = each(({ json }) => json);
const nanos = (time: string): string => time.replace('Z', '123456Z');

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Numbers beyond 2^53 must keep their digits. */
function fieldsOf(json: string): [string, string][] {
  const { fields } = JSON.parse(json.replace(/:(\d{16,})/g, ':"#$1"'));
  return Object.entries(fields as Record<string, unknown>)
    .filter(([key]) => key !== 'message')
    .map(([key, value]) => [key, quoted(value).replace(/^"#(\d+)"$/, '$1')]);
}

interface Head {
  readonly timestamp: string;
  readonly level: string;
  readonly target: string;
  readonly fields: { readonly message?: string };
}

export function asText({ json }: Line): string {
  const { timestamp, level, target, fields } = start(json) as Head;
  const pairs = fieldsOf(json).map(([key, value]) => ` ${key}=${value}`);
  const event = `${fields.message ?? ''}${pairs.join('')}`.trimStart();
  return `${timestamp} ${level.padStart(5)} ${target}: ${event}`;
}

function asAnsi({ json }: Line): string {
  const { timestamp, level, target, fields } = start(json) as Head;
  const pairs = fieldsOf(json).map(([key, value]) => ` \x1b[3m${key}\x1b[0m\x1b[2m=\x1b[0m${value}`);
  return `\x1b[2m${timestamp}\x1b[0m \x1b[32m${level.padStart(5)}\x1b[0m \x1b[2m${target}\x1b[0m\x1b[2m:\x1b[0m ${fields.message}${pairs.join('')}`;
}

function asPretty({ json }: Line): string {
  const { timestamp, level, target, fields } = start(json) as Head;
  const pairs = fieldsOf(json).map(([key, value]) => `, ${key}: ${value}`);
  return `  ${timestamp} ${level.padStart(5)} ${target}: ${fields.message}${pairs.join('')}\n    at src/session.rs:12\n`;
}

const BY_GREP = '\x1b[01;31m\x1b[KSession\x1b[m\x1b[K';
const BY_RG = '\x1b[0m\x1b[1m\x1b[31mSession\x1b[0m';

const sternJson = ({ json }: Line): string =>
  JSON.stringify({
    message: json,
    nodeName: 'n',
    namespace: 'mirrord',
    podName: 'op-1',
    containerName: 'operator',
  });

const sternExtended = ({ json }: Line): string =>
  `{"pod": "op-1", "container": "operator", "message": ${json}}`;

function asOtlp({ json, time }: Line): object {
  const { timestamp = time, level, target, fields } = start(json) as Head;
  const fraction = /\.(\d+)/.exec(timestamp)?.[1] ?? '';
  const typed = (text: string): object =>
    text.startsWith('"')
      ? { stringValue: JSON.parse(text) }
      : /^(?:true|false)$/.test(text)
        ? { boolValue: text === 'true' }
        : /^-?\d+$/.test(text)
          ? { intValue: text }
          : { doubleValue: Number(text) };
  return {
    scope: { name: target },
    logRecords: [
      {
        timeUnixNano: `${Math.floor(Date.parse(time) / 1000)}${fraction.padEnd(9, '0')}`,
        severityText: level,
        body: { stringValue: fields.message ?? '' },
        attributes: fieldsOf(json).map(([key, text]) => ({ key, value: typed(text) })),
      },
    ],
  };
}

/** Parts of a line, as runtimes cut long ones. */
const parts = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, k) => text.slice(k * size, (k + 1) * size));

const kubernetes = { pod_name: 'op-1', container_name: 'operator', namespace_name: 'mirrord' };

/** RFC 6587: a message behind its count of bytes. */
const octets = (message: string): string => `${Buffer.byteLength(message)} ${message}`;

/** gzip as base64, with nothing in its head that tells the system that made it. */
function packed(text: string): string {
  const bytes = gzipSync(text, { level: 0 });
  bytes[9] = 255;
  return bytes.toString('base64');
}

function asYaml({ json }: Line): string {
  const { timestamp, level, target, fields } = start(json) as Partial<Head> & Pick<Head, 'fields'>;
  const pairs = fieldsOf(json).map(([key, value]) => `    ${key}: ${value}\n`);
  const time = timestamp === undefined ? '' : `  timestamp: '${timestamp}'\n`;
  return `  fields:\n    message: ${fields.message}\n${pairs.join('')}  level: ${level}\n  target: ${target}\n${time}`;
}

export const forms: readonly Form[] = [
  { name: 'ndjson', by: 'a line that begins with `{`', takes: "the record's", write: plain },
  {
    name: 'crlf',
    by: 'CR before LF',
    takes: "the record's",
    write: (lines) => lines.map(({ json }) => `${json}\r\n`).join(''),
  },
  {
    name: 'quoted',
    by: 'a line that is a text of JSON',
    takes: "the record's",
    write: each(({ json }) => JSON.stringify(json)),
  },
  {
    name: 'csv',
    by: 'a cell that begins with `{`',
    takes: 'time',
    foreign: 1,
    write: (lines) =>
      `@timestamp,@message,@log\n${each(({ json, time }) => `${time.slice(0, -1).replace('T', ' ')},"${json.replaceAll('"', '""')}",op`)(lines)}`,
  },
  {
    name: 'csv-behind-labels',
    by: 'any cell that is a record',
    takes: 'time',
    foreign: 1,
    write: (lines) =>
      `labels,Time,Line\n${each(({ json, time }) => `"{""app"":""op""}",${time.slice(0, -1).replace('T', ' ')},"${json.replaceAll('"', '""')}"`)(lines)}`,
  },
  {
    name: 'logfmt',
    by: 'any quoted text that is a record',
    takes: 'time',
    write: each(({ json, time }) => `time=${time} level=info msg=${JSON.stringify(json)}`),
  },
  {
    name: 'rubydebug',
    by: '`=>` for a colon',
    takes: '',
    foreign: 4 * 9,
    write: each(
      ({ json, time }) =>
        `{\n       "message" => ${JSON.stringify(json)},\n      "@version" => "1",\n    "@timestamp" => ${time}\n}`,
    ),
  },
  {
    name: 'coloured',
    by: 'any text before `{"`, a colour behind it',
    takes: "the record's",
    write: each(({ json }) => `\x1b[0K\x1b[32;1m${json}\x1b[0;m`),
  },
  {
    name: 'highlighted',
    by: 'escapes raw in a record, as `grep --color` and `rg` put them there',
    takes: "the record's",
    write: each(({ json }, k) => json.replaceAll('Session', k % 2 === 0 ? BY_GREP : BY_RG)),
  },
  {
    name: 'controls-behind',
    by: 'NUL, form feeds, an end of file of DOS behind a record',
    takes: "the record's",
    write: each(({ json }, k) => `${json}${['\0', '\f', '\x1a', '\x07'][k % 4]}`),
  },
  {
    name: 'jq-colours',
    by: 'a colour before a brace, colours between its parts',
    takes: "the record's",
    write: each(({ json }) => {
      const parts = json.replace(/"(?:[^"\\]|\\.)*"|[\d.]+/g, '\x1b[0;32m$&\x1b[0m\x1b[1;39m\n  ');
      return `\x1b[1;39m${parts}\x1b[0m`;
    }),
  },
  {
    name: 'byte-order-marks',
    by: 'EF BB BF before any line',
    takes: "the record's",
    write: each(({ json }, k) => `${k % 3 === 0 ? '\ufeff' : ''}${json}`),
  },
  {
    name: 'several-on-a-line',
    by: 'an object behind an object',
    takes: "the record's",
    write: (lines) => lines.map(({ json }, k) => `${json}${k % 2 === 0 ? '' : '\n'}`).join(''),
  },
  {
    name: 'times-in-figures',
    by: 'a time that is figures since the epoch, as a text',
    takes: "the record's",
    write: each(({ json }) =>
      json.replace(
        /"timestamp":"(.{19})\.(\d{6})Z"/,
        (_, second: string, micros: string) => `"timestamp":"${Date.parse(`${second}Z`) / 1000}${micros}"`,
      ),
    ),
  },
  {
    name: 'mongoexport',
    by: 'a time that is an object with `$date`',
    takes: "the record's",
    write: each(({ json }) => json.replace(/"timestamp":("[^"]*")/, '"timestamp":{"$date":$1}')),
  },
  {
    name: 'nul-hole',
    by: 'NULs before a line',
    takes: "the record's",
    write: (lines) => `${'\0'.repeat(700)}${plain(lines)}`,
  },
  {
    name: 'kubectl-timestamps',
    by: 'RFC 3339 and a space',
    takes: 'time',
    write: behind((time) => `${nanos(time)} `),
  },
  {
    name: 'kubectl-prefix',
    by: '`[pod/POD/CONTAINER] `',
    takes: 'pod, container',
    write: behind(() => '[pod/op-1/operator] '),
  },
  {
    name: 'kubectl-prefix-timestamps',
    by: 'both',
    takes: 'time, pod, container',
    write: behind((time) => `[pod/op-1/operator] ${nanos(time)} `),
  },
  { name: 'stern', by: 'two names', takes: 'pod, container', write: behind(() => 'op-1 operator ') },
  {
    name: 'stern-namespaces',
    by: 'three names',
    takes: 'namespace, pod, container',
    write: behind(() => 'mirrord op-1 operator '),
  },
  {
    name: 'stern-colours',
    by: 'names in colour',
    takes: 'pod, container',
    write: behind(() => '\x1b[32mop-1\x1b[0m \x1b[91moperator\x1b[0m '),
  },
  {
    name: 'stern-timestamps',
    by: 'names and RFC 3339',
    takes: 'time, pod, container',
    write: behind((time) => `op-1 operator ${nanos(time).replace('Z', '+00:00')} `),
  },
  {
    name: 'stern-timestamps-short',
    by: 'names and `MM-DD hh:mm:ss`',
    takes: 'time, pod, container',
    write: behind((time) => `op-1 operator ${time.slice(5, 10)} ${clock(time)} `),
  },
  {
    name: 'stern-json',
    by: '`message`, `podName`, `containerName`',
    takes: 'namespace, pod, container',
    write: each(sternJson),
  },
  {
    name: 'stern-extjson',
    by: '`pod`, `container`, `message`',
    takes: 'pod, container',
    write: each(sternExtended),
  },
  {
    name: 'stern-ppextjson',
    by: 'the same over several lines',
    takes: 'pod, container',
    write: each(({ json }) => `{\n  "pod": "op-1",\n  "container": "operator",\n  "message": ${json}\n}`),
  },
  { name: 'compose', by: '`NAME  | `', takes: 'container', write: behind(() => 'operator-1  | ') },
  {
    name: 'compose-timestamps',
    by: '`NAME  | ` and RFC 3339',
    takes: 'time, container',
    write: behind((time) => `operator-1  | ${nanos(time)} `),
  },
  {
    name: 'compose-colours',
    by: 'the name in colour',
    takes: 'container',
    write: behind(() => '\x1b[36moperator-1  | \x1b[0m'),
  },
  {
    name: 'docker-service-logs',
    by: '`NAME.N.ID@NODE    | `',
    takes: 'container',
    write: behind(() => 'op.1.x7k2@node-1    | '),
  },
  { name: 'podman-names', by: 'a name', takes: 'container', write: behind(() => 'operator ') },
  {
    name: 'kail',
    by: '`NAMESPACE/POD[CONTAINER]: `',
    takes: 'namespace, pod, container',
    write: behind(() => 'mirrord/op-1[operator]: '),
  },
  {
    name: 'kubetail',
    by: '`[POD CONTAINER] `',
    takes: 'pod, container',
    write: behind(() => '[op-1 operator] '),
  },
  {
    name: 'syslog',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `<14>${day(time)} ${clock(time)} host op[12]: `),
  },
  {
    name: 'syslog-5424',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `<14>1 ${time} host op 12 - - `),
  },
  {
    name: 'syslog-octets',
    by: 'a count of bytes and `<`, no line ends',
    takes: 'time',
    write: (lines) => lines.map(({ json, time }) => octets(`<14>1 ${time} host op 12 - - ${json}`)).join(''),
  },
  {
    name: 'journalctl-short',
    by: 'any text before `{"`',
    takes: '',
    write: behind((time) => `${day(time)} ${clock(time)} host op[12]: `),
  },
  {
    name: 'journalctl-short-iso',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `${time.slice(0, 19)}+0000 host op[12]: `),
  },
  {
    name: 'journalctl-short-full',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `Mon ${time.slice(0, 10)} ${clock(time)} UTC host op[12]: `),
  },
  {
    name: 'journalctl-short-monotonic',
    by: 'any text before `{"`',
    takes: '',
    write: behind((_, k) => `[${(1234.5 + k).toFixed(6).padStart(12)}] host op[12]: `),
  },
  {
    name: 'journalctl-short-unix',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `${(Date.parse(time) / 1000).toFixed(6)} host op[12]: `),
  },
  {
    name: 'aws-logs-tail',
    by: 'any text before `{"`',
    takes: 'time',
    write: behind((time) => `${time.replace('Z', '000+00:00')} op/operator/1 `),
  },
  {
    name: 'aws-logs-tail-short',
    by: 'a time without zone',
    takes: 'time',
    write: behind((time) => `${time.slice(0, 19)} `),
  },
  {
    name: 'aws-text',
    by: 'any text before `{"`, a time behind it',
    takes: 'time',
    write: each(({ json, time }) => `EVENTS\t${digits(time, 13)}\t${json}\t${digits(time, 13)}`),
  },
  {
    name: 'fluentd-out-file',
    by: 'any text before `{"`',
    takes: 'time, kubernetes',
    write: each(
      ({ json, time }) =>
        `${time.slice(0, 19)}+00:00\tkube.op\t${JSON.stringify({ log: json, stream: 'stdout', kubernetes })}`,
    ),
  },
  {
    name: 'cri',
    by: '`TIME stdout F `',
    takes: 'time',
    write: behind((time) => `${nanos(time)} stdout F `),
  },
  {
    name: 'cri-partial',
    by: 'P for a part of a line',
    takes: 'time',
    write: (lines) =>
      lines
        .flatMap(({ json, time }) => {
          const cut = parts(json, 90);
          return cut.map((part, k) => `${nanos(time)} stdout ${k < cut.length - 1 ? 'P' : 'F'} ${part}\n`);
        })
        .join(''),
  },
  {
    name: 'docker',
    by: '`log`, `stream`, `time`',
    takes: 'time',
    write: objects(({ json, time }) => ({ log: `${json}\n`, stream: 'stdout', time: nanos(time) })),
  },
  {
    name: 'docker-split',
    by: 'no LF at the end of a part',
    takes: 'time',
    write: (lines) =>
      lines
        .flatMap(({ json, time }) =>
          parts(`${json}\n`, 120).map(
            (log) => `${JSON.stringify({ log, stream: 'stdout', time: nanos(time) })}\n`,
          ),
        )
        .join(''),
  },
  {
    name: 'docker-without-lf',
    by: 'texts that are whole',
    takes: 'time',
    write: objects(({ json, time }) => ({ log: json, stream: 'stdout', time: nanos(time) })),
  },
  {
    name: 'fluentd',
    by: '`log` beside `kubernetes` and its kin',
    takes: 'time, all other keys',
    write: objects(({ json, time }) => ({ log: json, stream: 'stdout', time, kubernetes })),
  },
  {
    name: 'fluent-bit-multiline-cri',
    by: '`_p` or `logtag`',
    takes: 'time',
    write: objects(({ json, time }) => ({ time, stream: 'stdout', _p: 'F', log: json })),
  },
  {
    name: 'fluent-bit-stdout',
    by: 'any text before `{"`',
    takes: 'time',
    write: each(
      ({ json, time }, k) =>
        `[${k}] kube.op: [[${(Date.parse(time) / 1000).toFixed(9)}, {}], ${JSON.stringify({ log: json })}]`,
    ),
  },
  {
    name: 'fluent-bit-cri',
    by: '`message` beside `logtag`',
    takes: 'time, kubernetes',
    write: objects(({ json, time }) => ({ time, stream: 'stdout', logtag: 'F', message: json, kubernetes })),
  },
  {
    name: 'vector',
    by: '`message` beside `source_type`',
    takes: 'time, kubernetes',
    write: objects(({ json, time }) => ({
      file: '/var/log/pods/a/0.log',
      kubernetes: { pod_name: 'op-1', pod_namespace: 'mirrord', container_name: 'operator' },
      message: json,
      source_type: 'kubernetes_logs',
      timestamp: time,
    })),
  },
  {
    name: 'journalctl-json',
    by: '`MESSAGE` beside journald’s keys',
    takes: 'time, container',
    write: objects(({ json, time }) => ({
      __REALTIME_TIMESTAMP: digits(time, 16),
      _PID: '1',
      MESSAGE: json,
      SYSLOG_IDENTIFIER: 'op',
    })),
  },
  {
    name: 'journalctl-json-bytes',
    by: '`MESSAGE` as a list of bytes',
    takes: 'time',
    write: objects(({ json, time }) => ({
      __REALTIME_TIMESTAMP: digits(time, 16),
      _PID: '1',
      MESSAGE: [...Buffer.from(json)],
    })),
  },
  {
    name: 'logcli-jsonl',
    by: '`line` beside `labels`',
    takes: 'time, labels',
    write: objects(({ json, time }) => ({
      labels: { pod: 'op-1', container: 'operator' },
      line: json,
      timestamp: time,
    })),
  },
  {
    name: 'loki-query-range',
    by: '`data.result[].values`',
    takes: 'time, stream',
    write: (lines) =>
      JSON.stringify({
        status: 'success',
        data: {
          resultType: 'streams',
          result: [
            {
              stream: { pod: 'op-1', namespace: 'mirrord' },
              values: lines.map(({ json, time }) => [digits(time, 19), json]),
            },
          ],
        },
      }),
  },
  {
    name: 'cloudwatch-filter-log-events',
    by: '`events[].message`',
    takes: 'time',
    write: (lines) =>
      `${JSON.stringify(
        {
          events: lines.map(({ json, time }, k) => ({
            logStreamName: 'op',
            timestamp: Date.parse(time),
            message: json,
            ingestionTime: Date.parse(time),
            eventId: String(k),
          })),
        },
        undefined,
        4,
      )}\n`,
  },
  {
    name: 'cloudwatch-insights',
    by: '`results[][]` of `field` and `value`',
    takes: 'time',
    write: (lines) =>
      JSON.stringify({
        results: lines.map(({ json, time }) => [
          { field: '@timestamp', value: time.replace('T', ' ').replace('Z', '') },
          { field: '@message', value: json },
          { field: '@ptr', value: 'x' },
        ]),
        status: 'Complete',
      }),
  },
  {
    name: 'cloudwatch-subscription',
    by: '`logEvents[].message`, a line each',
    takes: 'time',
    write: objects(({ json, time }, k) => ({
      messageType: 'DATA_MESSAGE',
      logGroup: 'g',
      logStream: 's',
      logEvents: [{ id: String(k).padStart(56, '3'), timestamp: Date.parse(time), message: json }],
    })),
  },
  {
    name: 'gcp-text-payload',
    by: '`textPayload`',
    takes: 'time, labels',
    write: (lines) =>
      JSON.stringify(
        lines.map(({ json, time }) => ({
          insertId: 'a',
          resource: {
            type: 'k8s_container',
            labels: { pod_name: 'op-1', container_name: 'operator', namespace_name: 'mirrord' },
          },
          textPayload: json,
          timestamp: nanos(time),
        })),
        undefined,
        2,
      ),
  },
  {
    name: 'gcp-json-payload',
    by: '`jsonPayload`',
    takes: 'time, labels',
    write: (lines) =>
      lines
        .map(({ time }, k) => ({
          insertId: 'a',
          jsonPayload: `@${k}`,
          resource: { labels: { pod_name: 'op-1' } },
          timestamp: nanos(time),
        }))
        .map((entry) => `${withRecords(entry, lines)}\n`)
        .join(''),
  },
  {
    name: 'gcp-yaml',
    by: '`---` and a key',
    takes: 'time, labels',
    write: each(
      (line, k) =>
        `---\ninsertId: ${k}\njsonPayload:\n${asYaml(line)}resource:\n  labels:\n    pod_name: op-1\ntimestamp: '${nanos(line.time)}'`,
    ),
  },
  {
    name: 'pubsub',
    by: '`message.data`, base64',
    takes: 'time',
    write: objects(({ json, time }) => ({
      message: { data: Buffer.from(json).toString('base64'), messageId: '1', publishTime: time },
      subscription: 'projects/p/subscriptions/s',
    })),
  },
  {
    name: 'kinesis',
    by: '`Records[].kinesis.data`, base64 of gzip',
    takes: 'time',
    write: (lines) => {
      const records = lines.map(({ json, time }) => {
        const logEvents = [{ id: '1', timestamp: Date.parse(time), message: json }];
        const document = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents });
        return { kinesis: { data: packed(document) }, eventSource: 'aws:kinesis' };
      });
      return JSON.stringify({ Records: records });
    },
  },
  {
    name: 'datadog',
    by: '`data[].attributes`',
    takes: 'time, tags',
    write: (lines) =>
      JSON.stringify({
        data: lines.map(({ json, time }) => ({
          id: 'a',
          type: 'log',
          attributes: { timestamp: time, tags: ['pod_name:op-1'], message: json },
        })),
      }),
  },
  {
    name: 'datadog-archive',
    by: '`attributes` beside `date`, `service` and `source`',
    takes: 'time, tags',
    write: each(
      ({ json, time }) =>
        `{"_id":"A","date":"${time}","service":"op","source":"rust","message":"m","attributes":${json},"tags":["pod_name:op-1"]}`,
    ),
  },
  {
    name: 'elasticsearch',
    by: '`hits.hits[]._source`',
    takes: '`@timestamp`',
    write: (lines) =>
      withRecords(
        {
          took: 1,
          hits: {
            total: { value: lines.length },
            hits: lines.map((_, k) => ({ _index: 'l', _source: `@${k}` })),
          },
        },
        lines,
      ),
  },
  {
    name: 'splunk',
    by: '`result._raw`',
    takes: 'time',
    write: objects(({ json, time }) => ({ preview: false, result: { _raw: json, _time: time } })),
  },
  {
    name: 'elasticsearch-responses',
    by: '`responses[].hits.hits[].fields`',
    takes: '`@timestamp`',
    write: (lines) =>
      JSON.stringify({
        responses: [
          {
            hits: {
              hits: lines.map(({ json, time }) => ({
                _index: 'l',
                fields: { '@timestamp': [time], message: [json] },
              })),
            },
          },
        ],
      }),
  },
  {
    name: 'graylog',
    by: '`messages[].message.message`',
    takes: 'time',
    write: (lines) =>
      JSON.stringify({
        messages: lines.map(({ json, time }) => ({
          message: { _id: 'a', message: json, timestamp: time },
          index: 'g',
        })),
      }),
  },
  {
    name: 'openshift',
    by: '`structured`',
    takes: '`@timestamp`',
    write: (lines) =>
      lines
        .map(({ time }, k) => ({ '@timestamp': time, structured: `@${k}`, level: 'info', kubernetes }))
        .map((entry) => `${withRecords(entry, lines)}\n`)
        .join(''),
  },
  {
    name: 'splunk-docker',
    by: '`event.line`',
    takes: '',
    write: objects(({ json }) => ({ host: 'n', event: { line: json, source: 'stdout', tag: 'a' } })),
  },
  {
    name: 'gelf',
    by: '`full_message` or `short_message`',
    takes: 'time',
    write: objects(({ json, time }) => ({
      version: '1.1',
      host: 'node-1',
      short_message: json,
      timestamp: Date.parse(time) / 1000,
      level: 6,
      _container_name: 'operator',
    })),
  },
  {
    name: 'victorialogs',
    by: '`_msg`',
    takes: 'time',
    write: objects(({ json, time }) => ({ _time: nanos(time), _stream: '{app="op"}', _msg: json })),
  },
  {
    name: 'container-insights',
    by: '`LogMessage` or `LogEntry`',
    takes: 'time',
    write: objects(({ json, time }) => ({
      TimeGenerated: time,
      PodName: 'op-1',
      ContainerName: 'operator',
      LogMessage: json,
      LogSource: 'stdout',
    })),
  },
  {
    name: 'otlp-json',
    by: '`resourceLogs[].scopeLogs[].logRecords[].body`',
    takes: 'time, resource',
    write: (lines) =>
      `${JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'k8s.pod.name', value: { stringValue: 'op-1' } }] },
            scopeLogs: [
              {
                scope: {},
                logRecords: lines.map(({ json, time }) => ({
                  timeUnixNano: digits(time, 19),
                  body: { stringValue: json },
                })),
              },
            ],
          },
        ],
      })}\n`,
  },
  {
    name: 'otlp-pairs',
    by: '`body.kvlistValue`',
    takes: 'time',
    write: (lines) =>
      `${JSON.stringify({
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: lines.map(({ json, time }) => ({
                  timeUnixNano: digits(time, 19),
                  body: {
                    kvlistValue: {
                      values: [
                        { key: 'stream', value: { stringValue: 'stdout' } },
                        { key: 'log', value: { stringValue: json } },
                      ],
                    },
                  },
                })),
              },
            ],
          },
        ],
      })}\n`,
  },
  {
    name: 'otlp-attributes',
    by: '`body`, `attributes` and `timeUnixNano`',
    takes: 'time, level, scope, attributes, resource',
    write: (lines) =>
      `${JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: lines.map(asOtlp) }] })}\n`,
  },
  {
    name: 'json-pretty',
    by: 'an object over several lines',
    takes: "the record's",
    write: each(({ json }) => json.replace('"fields":', '\n  "fields":\n  ')),
  },
  {
    name: 'json-array',
    by: 'a bracket and a value',
    takes: "the record's",
    write: (lines) => `[${lines.map(({ json }) => json).join(',\n')}]`,
  },
  { name: 'tracing', by: 'RFC 3339 and a level in five columns', takes: "the record's", write: each(asText) },
  { name: 'tracing-ansi', by: 'the same in colour', takes: "the record's", write: each(asAnsi) },
  {
    name: 'tracing-threads',
    by: 'a thread behind the level',
    takes: "the record's",
    write: each((line) => asText(line).replace(/^(\S+ +\S+) /, '$1 tokio-runtime-worker ThreadId(02) ')),
  },
  { name: 'tracing-pretty', by: 'two spaces before', takes: "the record's", write: each(asPretty) },
  {
    name: 'tracing-kubectl',
    by: 'a text record behind a prefix',
    takes: 'pod, container',
    write: each((line) => `[pod/op-1/operator] ${nanos(line.time)} ${asText(line)}`),
  },
  {
    name: 'tracing-compose',
    by: 'a text record behind a prefix',
    takes: 'container',
    write: each((line) => `operator-1  | ${asText(line)}`),
  },
  {
    name: 'tracing-cri',
    by: 'a text record in CRI',
    takes: 'time',
    write: each((line) => `${nanos(line.time)} stderr F ${asText(line)}`),
  },
  {
    name: 'tracing-loki',
    by: 'text records in Loki’s streams',
    takes: 'time, stream',
    write: (lines) =>
      JSON.stringify({
        data: {
          result: [
            {
              stream: { pod: 'op-1' },
              values: lines.map((line) => [digits(line.time, 19), asText(line)]),
            },
          ],
        },
      }),
  },
  {
    name: 'tracing-lost-escapes',
    by: 'colours without their escape, or with `^[`, `#033`, `\\x1b` for it',
    takes: "the record's",
    write: each((line, k) => asAnsi(line).replaceAll('\x1b', ['', '^[', '#033', '\\x1b'][k % 4]!)),
  },
  {
    name: 'tracing-highlighted',
    by: 'colours of `grep --color` and `rg` amid',
    takes: "the record's",
    write: each((line, k) => asText(line).replaceAll('Session', k % 2 === 0 ? BY_GREP : BY_RG)),
  },
  {
    name: 'tracing-coloured-lines',
    by: 'a colour before a text record, and its end behind it',
    takes: 'container',
    write: each((line, k) =>
      k % 2 === 0
        ? `\x1b[36moperator-1  | \x1b[0m${asText(line)}`
        : `\x1b[36m[op-1 operator] ${asAnsi(line)}\x1b[39m`,
    ),
  },
  {
    name: 'tracing-indented',
    by: 'blanks before',
    takes: "the record's",
    write: each((line) => `  ${asText(line)}`),
  },
  {
    name: 'tracing-csv',
    by: 'a text record in a cell',
    takes: 'time',
    foreign: 1,
    write: (lines) =>
      `@timestamp,@message\n${each((line) => `${line.time},"${asText(line).replaceAll('"', '""')}"`)(lines)}`,
  },
  {
    name: 'tracing-logcli',
    by: 'a text record behind labels',
    takes: 'time',
    write: each((line) => `${nanos(line.time)} {app="op", pod="op-1"} ${asText(line)}`),
  },
  {
    // the first is no YAML, for a colon within
    name: 'tracing-yaml',
    by: '`---` and a key, or a text record in a value',
    takes: '',
    foreign: 2,
    write: each(
      (line, k) =>
        `---\ninsertId: ${k}\ntextPayload: ${k === 0 ? asText(line) : `'${asText(line).replaceAll("'", "''")}'`}`,
    ),
  },
  {
    name: 'tracing-octets',
    by: 'a count of bytes and `<`, no line ends',
    takes: 'time',
    write: (lines) =>
      lines.map((line) => octets(`<14>1 ${line.time} host op 12 - - ${asText(line)}`)).join(''),
  },
  {
    name: 'tracing-glued',
    by: 'a time and a level behind a control byte',
    takes: "the record's",
    write: (lines) => lines.map((line, k) => `${asText(line)}${['\r', '\0', '\f', '\n'][k % 4]}`).join(''),
  },
  {
    name: 'env-logger',
    by: '`[TIME LEVEL target] `',
    takes: "the record's",
    write: each((line) => {
      const [, time, level = '', target, event] = /^(\S+) +(\S+) (\S+): (.*)$/.exec(asText(line))!;
      return `[${time} ${level.padEnd(5)} ${target}] ${event}`;
    }),
  },
  {
    name: 'tracing-blank-in-time',
    by: 'a blank for the T, no zone',
    takes: "the record's",
    write: each((line) => asText(line).replace(/^(\S+)T(\S+)Z/, '$1 $2')),
  },
  {
    name: 'json-then-text',
    by: 'each line by itself',
    takes: "the record's",
    write: each((line, k) => (k < 4 ? line.json : asText(line))),
  },
  {
    name: 'utf16-le',
    by: 'FF FE',
    takes: "the record's",
    write: (lines) => utf16(plain(lines), false, true),
  },
  {
    name: 'utf16-be',
    by: 'FE FF',
    takes: "the record's",
    write: (lines) => utf16(plain(lines), true, true),
  },
  {
    name: 'utf16-behind-utf8',
    by: 'a NUL beside every letter of a line',
    takes: "the record's",
    write: (lines) =>
      Buffer.concat([
        Buffer.from(plain(lines.slice(0, 4))),
        utf16(plain(lines.slice(4)).replaceAll('\n', '\r\n'), false, true),
      ]),
  },
  {
    name: 'utf32-le',
    by: 'FF FE 00 00',
    takes: "the record's",
    write: (lines) => utf32(`\ufeff${plain(lines)}`, false),
  },
  {
    name: 'utf32-without-mark',
    by: 'three NULs before every letter',
    takes: "the record's",
    write: (lines) => utf32(plain(lines), true),
  },
  {
    name: 'utf16-without-mark',
    by: 'a NUL beside every letter',
    takes: "the record's",
    write: (lines) => utf16(plain(lines), false, false),
  },
  {
    name: 'sidecar-first',
    by: 'each line by itself',
    takes: 'time',
    foreign: 20,
    write: (lines) =>
      `${Array.from({ length: 20 }, (_, k) => `${nanos(lines[0]!.time)} I0401 13:37:00.000000       1 main.go:${k}] starting\n`).join('')}${behind((time) => `${nanos(time)} `)(lines)}`,
  },
  {
    name: 'sample-first',
    by: 'each line by itself',
    takes: "the record's",
    foreign: 1,
    write: (lines) => `process_start_time_seconds{pid="1"} 1711978620\n${plain(lines)}`,
  },
  {
    name: 'cut-before-an-object',
    by: 'lines that are objects, behind one that could go on with such',
    takes: "the record's",
    foreign: 1,
    write: (lines) => `{"message":"{}","nodeName":"n","podName":\n${each(sternJson)(lines)}`,
  },
  {
    name: 'cut-by-a-panic',
    by: 'lines that are objects, behind one that is no JSON',
    takes: "the record's",
    foreign: 1,
    write: (lines) =>
      `{"pod": "op-1", "container": "operator", "message": {"timestamp":"2024-04-01T13:37:00Z","target"${"thread 'tokio-runtime-worker' panicked at src/a.rs:1:2:\n"}${each(sternExtended)(lines)}`,
  },
];
