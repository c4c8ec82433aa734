import { type Batch, levels } from '../../batch/batch.ts';
import { recordJson } from '../../batch/record-json.ts';
import type { SpanRef } from '../../systems/session.ts';
import { toParts } from '../../text/time.ts';
import { traceContextOf } from '../../tracing/trace-context.ts';
import { Attributes, type KeyValue, membersOf, textOf } from './any-value.ts';
import { readMembers } from './exact-json.ts';
import { podOf } from './pod.ts';

/** Seconds since the epoch and nanoseconds of the second. */
export type HrTime = [seconds: number, nanos: number];

/** A log record in OpenTelemetry's terms. */
export interface OtlpRecord {
  /** The Rust module that wrote it; '' if it does not say. */
  readonly scope: string;
  /** [0, 0] if the record has none: unknown, in OTLP. */
  readonly timestamp: HrTime;
  /** 0 and '' if the record has no level. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string | undefined;
  readonly attributes: readonly KeyValue[];
  readonly span: SpanRef | undefined;
  /** What the record says of the pod that wrote it, as resource attributes. */
  readonly pod: Readonly<Record<string, string>>;
}

/** OpenTelemetry's number for each of `levels`. */
const severityNumbers = [0, 1, 5, 9, 13, 17] as const;

/** Where OTLP's times end: nanoseconds since 1970 in 64 bits. Milliseconds since the epoch. */
export const LATEST_MS = 18_446_744_073_709;

/** [0, 0], which is unknown, for what OTLP cannot say. */
export function hrTime(ms: number): HrTime {
  if (!(ms >= 0 && ms <= LATEST_MS)) return [0, 0];
  const { seconds, nanos } = toParts(ms);
  return [seconds, nanos];
}

/** Nanoseconds since the epoch. */
export function nanosOf([seconds, nanos]: Readonly<HrTime>): string {
  return `${seconds}${String(nanos).padStart(9, '0')}`;
}

/** What is left of a record once its own keys are taken out. */
interface Parts {
  readonly attributes: Attributes;
  scope: string;
  body: string | undefined;
}

/** Takes an event's field. Only a text can be the body: another `message` is an attribute, as the Operator has it. */
function putField({ key, value }: KeyValue, parts: Parts): void {
  const message = key === 'message' && parts.body === undefined ? textOf(value) : undefined;
  if (message === undefined) parts.attributes.set(key, value);
  else parts.body = message;
}

/** Fields in an object of their own. An outer key gives way to a field of its name. */
function takeNested(members: readonly KeyValue[], fields: readonly KeyValue[], parts: Parts): void {
  for (const { key, value } of members) {
    if (key === 'target') parts.scope = textOf(value) ?? parts.scope;
    else if (key !== 'timestamp' && key !== 'level' && key !== 'fields') parts.attributes.set(key, value);
  }
  for (const field of fields) putField(field, parts);
}

/**
 * Fields among the record's own keys, where some names can stand twice: of `timestamp` and `level` the first is the
 * record's, of `target` the last.
 */
function takeFlattened(members: readonly KeyValue[], parts: Parts): void {
  const module = members.findLastIndex(({ key }) => key === 'target');
  const own = new Set([
    members.findIndex(({ key }) => key === 'timestamp'),
    members.findIndex(({ key }) => key === 'level'),
    module,
  ]);
  parts.scope = textOf(members[module]?.value) ?? '';
  for (const [k, member] of members.entries()) if (!own.has(k)) putField(member, parts);
}

/**
 * A row of a batch as it is exported. The event's fields become attributes by their names and of their types, and so
 * does all else that the record says (`span`, `spans`, `kubernetes`, …), so that nothing is lost.
 * @param span of the session that the record belongs to, if sessions are exported
 */
export function otlpRecord(batch: Batch, row: number, span: SpanRef | undefined): OtlpRecord {
  const json = recordJson(batch, row);
  const members = readMembers(json);
  const last = (name: string) => members.findLast(({ key }) => key === name)?.value;
  const parts: Parts = { attributes: new Attributes(), scope: '', body: undefined };
  const fields = membersOf(last('fields'));
  if (fields === undefined) takeFlattened(members, parts);
  else takeNested(members, fields, parts);

  const level = batch.level[row]!;
  const timestamp = hrTime(batch.time[row]!);
  const written = last('timestamp');
  if (written !== undefined && timestamp[0] === 0 && !parts.attributes.has('timestamp')) {
    parts.attributes.set('timestamp', written);
  }
  return {
    scope: parts.scope,
    timestamp,
    severityNumber: severityNumbers[level] ?? 0,
    severityText: levels[level] ?? '',
    body: parts.body,
    attributes: parts.attributes.list(),
    // the Operator's own export says in which of its spans; the client's span is the nearest that a log knows of
    span: span ?? (json.includes('traceparent') ? traceContextOf(batch.object(row)).parent : undefined),
    pod: podOf(members),
  };
}
