import type { Resource } from '@opentelemetry/resources';
import type { Batch } from '../../batch/batch.ts';
import type { Session } from '../../systems/session.ts';
import type { HandlerContext } from '../handler.ts';
import { readMembers } from './exact-json.ts';
import type { SpanMessage, TracesRequest } from './export-messages.ts';
import { podOf } from './pod.ts';
import { Resources, resourceAttributes } from './resource.ts';
import { sessionSpan } from './session-span.ts';

/** Traces of clients that are remembered, to notice one that two sessions share. */
const MOST_TRACES = 10_000;

/** The spans' scope: the name of the tracer, as the Operator has it. */
const SCOPE = { name: 'mirrord-operator' };

interface ResourceSpans {
  readonly resource: Resource;
  readonly spans: SpanMessage[];
}

/** Sessions on their way into one request. */
export class SpanBatch {
  private readonly resources: Resources<Resource>;
  private readonly warn: (message: string) => void;
  private readonly sessionOfTrace = new Map<string, string>();
  private collected = new Map<Resource, ResourceSpans>();

  constructor({ config, warn }: HandlerContext) {
    this.resources = new Resources(config.metrics.sourceId, (resource) => resource);
    this.warn = warn;
  }

  /** @returns the bytes of the session's records */
  add(batch: Batch, row: number): number {
    const session = batch.object(row) as unknown as Session;
    this.noticeSharedTrace(session);
    const members = readMembers(session.record);
    const resource = this.resources.of(podOf(members));
    let group = this.collected.get(resource);
    if (group === undefined) {
      group = { resource, spans: [] };
      this.collected.set(resource, group);
    }
    group.spans.push(sessionSpan(session));
    const { record, endRecord = '', events } = session;
    return events.reduce((sum, event) => sum + event.record.length, record.length + endRecord.length);
  }

  /** What was added since the last call, as a request. */
  take(): TracesRequest {
    const { collected } = this;
    this.collected = new Map();
    return {
      resourceSpans: Array.from(collected.values(), ({ resource, spans }) => ({
        resource: { attributes: resourceAttributes(resource) },
        scopeSpans: [{ scope: SCOPE, spans }],
      })),
    };
  }

  /** Sessions of one trace are drawn as one, which nobody wants who wrote the traceparent into a file once and for all. */
  private noticeSharedTrace({ id, context: { parent } }: Session): void {
    if (parent === undefined) return;
    const { traceId } = parent;
    const first = this.sessionOfTrace.get(traceId);
    if (first === undefined) {
      if (this.sessionOfTrace.size >= MOST_TRACES) this.sessionOfTrace.clear();
      this.sessionOfTrace.set(traceId, id);
    } else if (first !== id) {
      this.warn(
        `more than one session has the trace id ${traceId}, the first being ${first}: they will be shown as one trace; ` +
          'let what starts mirrord give each run a traceparent of its own',
      );
    }
  }
}
