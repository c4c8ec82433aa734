import type { Session, SessionEvent } from '../../systems/session.ts';
import { Attributes, type KeyValue, membersOf, text } from './any-value.ts';
import { readMembers } from './exact-json.ts';
import type { SpanEventMessage, SpanMessage } from './export-messages.ts';
import { hrTime, LATEST_MS, nanosOf } from './log-record.ts';

/** OTLP's numbers. */
const SERVER = 2;
const ERROR = 2;
/** Span flags: whether the parent is of another process is known, and it is. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Where the semantic conventions have a name for what the Operator calls otherwise. Both are given. */
const conventions: ReadonlyMap<string, string> = new Map([
  ['session_id', 'session.id'],
  ['client_id', 'user.id'],
  ['client_user', 'user.name'],
  ['client_name', 'user.full_name'],
  ['client_hostname', 'client.address'],
  ['target_namespace', 'k8s.namespace.name'],
  ['port', 'server.port'],
]);

/** Kinds of targets that the semantic conventions name: `k8s.KIND.name`. */
const workloads = new Set(['cronjob', 'daemonset', 'deployment', 'job', 'pod', 'replicaset', 'statefulset']);

/** Keys of an event that are told elsewhere on its span. */
const told = new Set(['message', 'session_id', 'traceparent', 'tracestate', 'baggage']);

/** The fields of a record's event, whichever layout it has. */
function fieldsOf(json: string): readonly KeyValue[] {
  const members = readMembers(json);
  const nested = membersOf(members.findLast(({ key }) => key === 'fields')?.value);
  if (nested !== undefined) return nested;
  const module = members.findLastIndex(({ key }) => key === 'target');
  const own = new Set(['timestamp', 'level', 'span', 'spans', 'kubernetes', 'docker']);
  return members.filter(({ key }, k) => k !== module && !own.has(key));
}

function put({ key, value }: KeyValue, attributes: Attributes): void {
  attributes.set(key, value);
  const conventional = conventions.get(key);
  if (conventional !== undefined) attributes.set(conventional, value);
}

/** The target by the semantic conventions: of `deployment/web/container/app` the deployment and the container. */
function putTarget({ party }: Session, attributes: Attributes): void {
  const [type, name, , container] = (party.target ?? '').split('/');
  const kind = party.target_type ?? type ?? '';
  if (workloads.has(kind)) attributes.setText(`k8s.${kind}.name`, party.target_name ?? name);
  attributes.setText('k8s.container.name', container);
}

function attributesOf(session: Session): Attributes {
  const attributes = new Attributes();
  for (const field of fieldsOf(session.record)) if (!told.has(field.key)) put(field, attributes);
  // by its text: as a field it may be a number, and that of another session a text
  put({ key: 'session_id', value: text(session.id) }, attributes);
  if (session.endRecord !== undefined) {
    const duration = fieldsOf(session.endRecord).findLast(
      ({ key }) => key === 'session_duration' || key === 'duration',
    );
    if (duration !== undefined) attributes.set('session_duration', duration.value);
  }
  putTarget(session, attributes);
  if (session.startMissing) attributes.set('mirrormon.session.start_missing', { boolValue: true });
  if (session.ending !== 'ended') attributes.setText('mirrormon.session.end_missing', session.ending);
  // a client may name its baggage as it likes, and must not speak for the Operator
  for (const [key, value] of session.context.baggage) {
    attributes.setText(attributes.has(key) ? `baggage.${key}` : key, value);
  }
  return attributes;
}

/** The nearest time that a span can have: one that is unknown is the earliest. Milliseconds since the epoch. */
function within(ms: number): number {
  return Math.min(Math.max(ms || 0, 0), LATEST_MS);
}

/** What an event says beyond what its span says already. */
function eventOf(event: SessionEvent, span: Attributes): SpanEventMessage {
  const attributes = new Attributes();
  for (const field of fieldsOf(event.record)) {
    if (!told.has(field.key) && !span.says(field)) put(field, attributes);
  }
  return {
    timeUnixNano: nanosOf(hrTime(within(event.time))),
    name: event.message,
    attributes: attributes.list(),
  };
}

/**
 * The span that stands for a session: from its start to its end, the ports that it took and gave back and the targets
 * that it copied as events on it. The Operator serves the client, so it is a server span with the client's as parent.
 */
export function sessionSpan(session: Session): SpanMessage {
  const { parent, traceState } = session.context;
  const attributes = attributesOf(session);
  const { traceId, spanId, traceFlags } = session.span;
  return {
    traceId,
    spanId,
    ...(traceState === undefined ? {} : { traceState }),
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    flags: traceFlags | HAS_IS_REMOTE | (parent === undefined ? 0 : IS_REMOTE),
    name: 'session',
    kind: SERVER,
    startTimeUnixNano: nanosOf(hrTime(within(session.start))),
    endTimeUnixNano: nanosOf(hrTime(within(session.end))),
    attributes: attributes.list(),
    events: session.events.map((event) => eventOf(event, attributes)),
    ...(session.droppedEvents === 0 ? {} : { droppedEventsCount: session.droppedEvents }),
    ...(session.failure === undefined ? {} : { status: { code: ERROR, message: session.failure } }),
  };
}
