import type { IExportLogsPartialSuccess, IExportTracePartialSuccess } from '@opentelemetry/otlp-transformer';
import { logsRequest, tracesRequest } from './export-messages.ts';
import type { PartialSuccess, SignalKind } from './transport.ts';

/** What a collector did not take. In JSON a 64-bit number is a text. */
type Partly = Partial<
  Record<keyof (IExportLogsPartialSuccess & IExportTracePartialSuccess), number | string>
>;
type Answer = { readonly partialSuccess?: Partly };

/** The package that reads protobuf answers is needed only when a collector has something to say. */
const transformer = () => import('@opentelemetry/otlp-transformer');

export const logs = signal({
  name: 'LOGS',
  path: 'v1/logs',
  message: logsRequest,
  rejected: 'rejectedLogRecords',
  readProtobuf: async (body) => (await transformer()).ProtobufLogsSerializer.deserializeResponse(body),
});

export const traces = signal({
  name: 'TRACES',
  path: 'v1/traces',
  message: tracesRequest,
  rejected: 'rejectedSpans',
  readProtobuf: async (body) => (await transformer()).ProtobufTraceSerializer.deserializeResponse(body),
});

interface Signal extends Pick<SignalKind, 'name' | 'path' | 'message'> {
  /** What the answer calls the number of items that were not taken. */
  readonly rejected: keyof Partly;
  readProtobuf(body: Buffer): Promise<Answer>;
}

function signal({ rejected, readProtobuf, ...kind }: Signal): SignalKind {
  return {
    ...kind,
    async partialSuccess(body): Promise<PartialSuccess | undefined> {
      const answer = looksLikeJson(body) ? readJson(body) : await readProtobuf(body);
      const partly = answer?.partialSuccess;
      // nobody refuses less than nothing, or parts of an item; of more than were sent knows who sent them
      const count = Math.max(0, Math.trunc(Number(partly?.[rejected]) || 0));
      const message = String(partly?.errorMessage ?? '');
      // a message without a number is a warning, with which everything was taken
      return count > 0 || message !== '' ? { rejected: count, message } : undefined;
    },
  };
}

/**
 * Collectors answer in the protocol that they were asked in; some backends, and proxies before them, in JSON always. No
 * message of protobuf that is an answer begins with a brace.
 */
function looksLikeJson(body: Buffer): boolean {
  return /^\s*\{/.test(body.toString('latin1', 0, 64));
}

function readJson(body: Buffer): Answer | undefined {
  try {
    return JSON.parse(body.toString()) as Answer;
  } catch {
    return undefined;
  }
}
