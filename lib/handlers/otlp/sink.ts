import { DiagLogLevel, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { LogAttributes } from '@opentelemetry/api-logs';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import type { HrTime, OtlpRecord } from './record.ts';

export type Protocol = 'http/protobuf' | 'http/json';

export interface LogSinkOptions {
  readonly url: string;
  readonly protocol: Protocol;
  /** service.name, unless the environment names another. */
  readonly serviceName: string;
  warn(message: string): void;
}

/** Collects what the loggers emit until it is taken: it waits, where the SDK's own batch processor drops. */
class CollectingProcessor implements LogRecordProcessor {
  private collected: ReadableLogRecord[] = [];

  onEmit(record: ReadableLogRecord): void {
    this.collected.push(record);
  }

  take(): ReadableLogRecord[] {
    const records = this.collected;
    this.collected = [];
    return records;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/** Scopes that a provider keeps a logger for, before it is made anew: modules come from logs and may be hostile. */
const maxScopes = 4096;

async function createExporter({ url, protocol }: LogSinkOptions): Promise<LogRecordExporter> {
  const { OTLPLogExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-logs-otlp-http')
      : await import('@opentelemetry/exporter-logs-otlp-proto');
  return new OTLPLogExporter({ url });
}

/** The resource of OpenTelemetry's environment variables over mirrormon's defaults. */
function createResource(serviceName: string) {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': serviceName }))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** OpenTelemetry's SDK and exporter for the log records of one handler. */
export class LogSink {
  private readonly processor = new CollectingProcessor();
  private readonly resource: ReturnType<typeof createResource>;
  private readonly exporter: LogRecordExporter;
  private readonly scopes = new Set<string>();
  private provider: LoggerProvider;

  private constructor(exporter: LogRecordExporter, serviceName: string) {
    this.exporter = exporter;
    this.resource = createResource(serviceName);
    this.provider = this.createProvider();
  }

  static async open(options: LogSinkOptions): Promise<LogSink> {
    // A partial success and an unusable environment variable are told here and nowhere else.
    const tell = (message: string, ...rest: unknown[]) => options.warn(['otlp:', message, ...rest].join(' '));
    const ignore = () => {};
    diag.setLogger(
      { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    return new LogSink(await createExporter(options), options.serviceName);
  }

  private createProvider(): LoggerProvider {
    return new LoggerProvider({
      resource: this.resource,
      processors: [this.processor],
      logRecordLimits: {
        attributeCountLimit: Number.POSITIVE_INFINITY,
        attributeValueLengthLimit: Number.POSITIVE_INFINITY,
      },
    });
  }

  /** Adds a record to the next export. */
  emit(record: OtlpRecord, observedTimestamp: HrTime): void {
    if (this.scopes.size >= maxScopes && !this.scopes.has(record.scope)) {
      this.provider = this.createProvider();
      this.scopes.clear();
    }
    this.scopes.add(record.scope);
    const { scope, parent, severityNumber, severityText, body, attributes, timestamp } = record;
    this.provider.getLogger(scope || 'unknown').emit({
      timestamp,
      observedTimestamp,
      attributes: attributes as LogAttributes,
      context: parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
      ...(severityNumber === 0 ? {} : { severityNumber, severityText }),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Sends what was emitted since the last call; rejects with the exporter's error, the records then are gone. */
  export(): Promise<void> {
    const records = this.processor.take();
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.exporter.export(records, ({ code, error }: ExportResult) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error('the exporter gave no reason'));
      });
    });
  }

  async close(): Promise<void> {
    await this.provider.shutdown();
    await this.exporter.shutdown();
  }
}
