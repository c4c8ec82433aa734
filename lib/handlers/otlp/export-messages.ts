import type { AnyValue, KeyValue } from './any-value.ts';
import type { Message } from './protobuf.ts';

/*
 * The messages of opentelemetry-proto that are sent, in the JSON mapping, and their fields' numbers.
 */

export interface Scope {
  readonly name?: string;
  readonly version?: string;
}

export interface Resource {
  readonly attributes: readonly KeyValue[];
}

export interface LogRecordMessage {
  readonly timeUnixNano?: string | undefined;
  readonly observedTimeUnixNano: string;
  readonly severityNumber?: number | undefined;
  readonly severityText?: string | undefined;
  readonly body?: AnyValue | undefined;
  readonly attributes: readonly KeyValue[];
  readonly flags?: number | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

export interface SpanEventMessage {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly KeyValue[];
}

export interface SpanMessage {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly parentSpanId?: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly SpanEventMessage[];
  readonly droppedEventsCount?: number;
  readonly status?: { readonly code: number; readonly message?: string };
}

export interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: Resource;
    readonly scopeLogs: readonly {
      readonly scope: Scope;
      readonly logRecords: readonly LogRecordMessage[];
    }[];
  }[];
}

export interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly { readonly scope: Scope; readonly spans: readonly SpanMessage[] }[];
  }[];
}

const anyValue: Message = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => arrayValue],
  kvlistValue: [6, () => keyValueList],
};
const arrayValue: Message = { values: [1, () => anyValue] };
const keyValueList: Message = { values: [1, () => keyValue] };
const keyValue: Message = { key: [1, 'string'], value: [2, () => anyValue] };
const scope: Message = { name: [1, 'string'], version: [2, 'string'] };
const resource: Message = { attributes: [1, () => keyValue] };

const logRecord: Message = {
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'uint32'],
  severityText: [3, 'string'],
  body: [5, () => anyValue],
  attributes: [6, () => keyValue],
  flags: [8, 'fixed32'],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
};
const scopeLogs: Message = { scope: [1, () => scope], logRecords: [2, () => logRecord] };
const resourceLogs: Message = { resource: [1, () => resource], scopeLogs: [2, () => scopeLogs] };
export const logsRequest: Message = { resourceLogs: [1, () => resourceLogs] };

const spanEvent: Message = {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, () => keyValue],
};
const status: Message = { message: [2, 'string'], code: [3, 'uint32'] };
const span: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'uint32'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => keyValue],
  events: [11, () => spanEvent],
  droppedEventsCount: [12, 'uint32'],
  status: [15, () => status],
  flags: [16, 'fixed32'],
};
const scopeSpans: Message = { scope: [1, () => scope], spans: [2, () => span] };
const resourceSpans: Message = { resource: [1, () => resource], scopeSpans: [2, () => scopeSpans] };
export const tracesRequest: Message = { resourceSpans: [1, () => resourceSpans] };
