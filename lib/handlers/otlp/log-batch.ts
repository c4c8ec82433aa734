import { type Context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { LoggerProvider, type LogRecordProcessor, type SdkLogRecord } from '@opentelemetry/sdk-logs';
import type { Batch } from '../../batch/batch.ts';
import type { HandlerContext } from '../handler.ts';
import type { KeyValue } from './any-value.ts';
import type { LogRecordMessage, LogsRequest } from './export-messages.ts';
import { type HrTime, hrTime, nanosOf, type OtlpRecord, otlpRecord } from './log-record.ts';
import { Resources, resourceAttributes } from './resource.ts';

/** The SDK's attributes know neither int64, nor 3.0 as a double, nor every key: a record's own ride along beside them. */
const attributesKey = createContextKey('attributes of a record');

/** Scopes that a provider keeps a logger for: modules come from logs and may be hostile. */
const MOST_SCOPES = 4096;

/** The SDK has no scope without a name; no module can have this one. */
const NAMELESS = '\0';

interface Collected {
  readonly record: SdkLogRecord;
  readonly attributes: readonly KeyValue[];
}

/** Collects what the loggers emit until it is taken: it waits, where the SDK's own batch processor drops. */
class WaitingProcessor implements LogRecordProcessor {
  private collected: Collected[] = [];

  onEmit(record: SdkLogRecord, context: Context = ROOT_CONTEXT): void {
    this.collected.push({
      record,
      attributes: (context.getValue(attributesKey) ?? []) as readonly KeyValue[],
    });
  }

  take(): Collected[] {
    const { collected } = this;
    this.collected = [];
    return collected;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/** The loggers of a resource: a provider looks them up by a text that it joins anew for every record. */
class Loggers {
  private provider: LoggerProvider;
  private readonly make: () => LoggerProvider;
  private readonly byScope = new Map<string, Logger>();

  constructor(make: () => LoggerProvider) {
    this.make = make;
    this.provider = make();
  }

  of(scope: string): Logger {
    let logger = this.byScope.get(scope);
    if (logger === undefined) {
      if (this.byScope.size >= MOST_SCOPES) {
        this.byScope.clear();
        this.provider = this.make();
      }
      logger = this.provider.getLogger(scope);
      this.byScope.set(scope, logger);
    }
    return logger;
  }
}

/** Log records on their way into one request. */
export class LogBatch {
  private readonly processor = new WaitingProcessor();
  private readonly resources: Resources<Loggers>;
  private readonly spanOf: HandlerContext['spanOf'];

  constructor({ config, spanOf }: HandlerContext) {
    this.spanOf = spanOf;
    this.resources = new Resources(
      config.metrics.sourceId,
      (resource) => new Loggers(() => new LoggerProvider({ resource, processors: [this.processor] })),
    );
  }

  /**
   * @param observed milliseconds since the epoch
   * @returns the record's bytes
   */
  add(batch: Batch, row: number, observed: number): number {
    const record = otlpRecord(batch, row, this.spanOf?.(batch, row));
    this.emit(record, hrTime(observed));
    return batch.length[row]!;
  }

  /** What was added since the last call, as a request. */
  take(): LogsRequest {
    const byScope = new Map<SdkLogRecord['instrumentationScope'], Collected[]>();
    for (const item of this.processor.take()) {
      const scope = item.record.instrumentationScope;
      const items = byScope.get(scope);
      if (items === undefined) byScope.set(scope, [item]);
      else items.push(item);
    }
    // a scope belongs to one provider, and a provider to one resource
    const byResource = new Map<SdkLogRecord['resource'], Collected[][]>();
    for (const items of byScope.values()) {
      const { resource } = items[0]!.record;
      const scopes = byResource.get(resource);
      if (scopes === undefined) byResource.set(resource, [items]);
      else scopes.push(items);
    }
    return {
      resourceLogs: Array.from(byResource, ([resource, scopes]) => ({
        resource: { attributes: resourceAttributes(resource) },
        scopeLogs: scopes.map((items) => ({
          scope: scopeOf(items[0]!.record.instrumentationScope.name),
          logRecords: items.map(messageOf),
        })),
      })),
    };
  }

  private emit(record: OtlpRecord, observedTimestamp: HrTime): void {
    const { scope, span, severityNumber, severityText, body, attributes, timestamp, pod } = record;
    const context = ROOT_CONTEXT.setValue(attributesKey, attributes);
    const logger = this.resources.of(pod).of(scope || NAMELESS);
    logger.emit({
      timestamp,
      observedTimestamp,
      context: span === undefined ? context : trace.setSpanContext(context, span),
      ...(severityNumber === 0 ? {} : { severityNumber, severityText }),
      ...(body === undefined ? {} : { body }),
    });
  }
}

const scopeOf = (name: string) => (name === NAMELESS ? {} : { name });

function messageOf({ record, attributes }: Collected): LogRecordMessage {
  const { hrTime: time, hrTimeObserved, severityNumber, severityText, body, spanContext } = record;
  return {
    timeUnixNano: time[0] === 0 && time[1] === 0 ? undefined : nanosOf(time),
    observedTimeUnixNano: nanosOf(hrTimeObserved),
    severityNumber,
    severityText,
    body: body === undefined ? undefined : { stringValue: body as string },
    attributes,
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    flags: spanContext?.traceFlags || undefined,
  };
}
