import type { IExportLogsPartialSuccess, IExportTracePartialSuccess } from '@opentelemetry/otlp-transformer';
import { logsRequest, tracesRequest } from './messages.ts';
import type { PartialSuccess, Protocol, SignalKind } from './transport.ts';

/** Collectors answer in the protocol that they were asked in; proxies before them answer as they like. */
function readJson<T>(body: Buffer): T | undefined {
  try {
    return JSON.parse(body.toString()) as T;
  } catch {
    return undefined;
  }
}

/** In JSON a 64-bit number is a text; a message without a number is a warning, with which everything was taken. */
function partly(
  rejected: number | string | undefined,
  message: string | undefined,
): PartialSuccess | undefined {
  const count = Number(rejected ?? 0);
  return count > 0 || message ? { rejected: count, message: message ?? '' } : undefined;
}

type LogsAnswer = { partialSuccess?: Partial<IExportLogsPartialSuccess> };
type TracesAnswer = { partialSuccess?: Partial<IExportTracePartialSuccess> };

/** The package that reads protobuf answers is needed only when a collector has something to say. */
const transformer = () => import('@opentelemetry/otlp-transformer');

export const logs: SignalKind = {
  name: 'LOGS',
  path: 'v1/logs',
  message: logsRequest,
  async partialSuccess(body: Buffer, protocol: Protocol) {
    const answer: LogsAnswer | undefined =
      protocol === 'http/json'
        ? readJson<LogsAnswer>(body)
        : (await transformer()).ProtobufLogsSerializer.deserializeResponse(body);
    const { rejectedLogRecords, errorMessage } = answer?.partialSuccess ?? {};
    return partly(rejectedLogRecords, errorMessage);
  },
};

export const traces: SignalKind = {
  name: 'TRACES',
  path: 'v1/traces',
  message: tracesRequest,
  async partialSuccess(body: Buffer, protocol: Protocol) {
    const answer: TracesAnswer | undefined =
      protocol === 'http/json'
        ? readJson<TracesAnswer>(body)
        : (await transformer()).ProtobufTraceSerializer.deserializeResponse(body);
    const { rejectedSpans, errorMessage } = answer?.partialSuccess ?? {};
    return partly(rejectedSpans, errorMessage);
  },
};
