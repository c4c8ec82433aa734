import { MirrormonError, systemReason } from '../../errors.ts';

/** Network failures that may pass; of the rest (an unknown certificate, not an HTTP server) nothing changes by waiting. */
const passing = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** What the exporter rejects with: an HTTP answer, a network failure, or its own words. */
interface ExportError extends Error {
  readonly code?: number | string | undefined;
  /** Body of the answer. */
  readonly data?: string | undefined;
}

/** A URL without the password that it may carry, for messages. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) {
    return 'give its credentials in OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20TOKEN';
  }
  if (status === 404 || status === 405) return 'check the path of the URL, which usually is /v1/logs';
  if (status === 413) return 'raise the largest request that the collector takes';
  if (status === 415) return 'set OTEL_EXPORTER_OTLP_PROTOCOL to what it takes: http/protobuf or http/json';
  if (status >= 300 && status < 400) return 'give the URL that it redirects to';
  return 'see the log of the collector';
}

/** The readable beginning of an answer's body: protobuf bodies hold their message as text among other bytes. */
function excerpt(body: string | undefined): string {
  const text = (body ?? '')
    .replace(/[\p{C}\uFFFD]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return text === '' ? '' : `: ${text}`;
}

/** Why an export failed, as a HANDLER_WRITE that says whether it is worth another try. */
export function exportFailure(error: unknown, url: string): MirrormonError {
  const { code, data, message, name } = error as ExportError;
  const where = shownUrl(url);
  const failed = (what: string, canRetry: boolean, hint?: string) =>
    new MirrormonError('HANDLER_WRITE', what, { where, hint, canRetry, cause: error });

  if (typeof code === 'number') {
    const answer = `the collector answered ${code}${message ? ` ${message}` : ''}${excerpt(data)}`;
    return failed(answer, code === 408 || code === 429 || code >= 500, hintFor(code));
  }
  if (name === 'OTLPExporterError') {
    return failed('the collector is busy or not ready: it answered 429, 502, 503 or 504', true);
  }
  if (message === 'Request timed out') {
    return failed(
      'the collector did not answer in time',
      true,
      'OTEL_EXPORTER_OTLP_TIMEOUT sets the milliseconds',
    );
  }
  if (typeof code === 'string' && passing.has(code)) {
    return failed(`the collector cannot be reached: ${systemReason(error)}`, true, 'check that it runs');
  }
  const hint = String(code).startsWith('HPE_')
    ? 'it does not speak HTTP/1.1: OTLP over HTTP usually has port 4318, gRPC 4317'
    : /CERT|SELF_SIGNED|SSL|TLS/.test(String(code))
      ? 'OTEL_EXPORTER_OTLP_CERTIFICATE names the file of the certificate to trust'
      : undefined;
  return failed(`the export failed: ${systemReason(error)}`, false, hint);
}
