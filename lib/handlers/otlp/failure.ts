import { type ErrorDetails, MirrormonError, systemReason } from '../../errors.ts';
import { formatDuration } from '../../text/duration.ts';
import { withoutSecrets } from '../../text/secrets.ts';

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
  // the collector's is renewed while records wait
  'CERT_HAS_EXPIRED',
]);

const TOO_LARGE = 413;

/** What a collector answers when it does not take a request. */
export class HttpAnswer extends Error {
  readonly status: number;
  readonly body: string;
  /** Milliseconds for which it asks not to be tried again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, reason: string, body: string, retryAfter: number | undefined) {
    super(reason);
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** Whether a collector, or a proxy before it, takes smaller requests than that one. */
export function isTooLarge(failure: unknown): failure is MirrormonError {
  if (!(failure instanceof MirrormonError)) return false;
  return failure.cause instanceof HttpAnswer && failure.cause.status === TOO_LARGE;
}

/** What befell an answer that had begun. */
export class BrokenAnswer extends Error {}

/** What is wrong with an answer that is HTTP's all the same. */
const isHttp = /HEADER|CONTENT_LENGTH|TRANSFER_ENCODING|CHUNK|STATUS|BODY|LF_EXPECTED|CR_EXPECTED/;

function hintFor(status: number, path: string): string {
  if (status < 300) return 'check the URL: something else than a collector answers there';
  if (status === 401 || status === 403) {
    return 'give its credentials in OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20TOKEN';
  }
  if (status === 404 || status === 405) return `check the path of the URL, which usually is /${path}`;
  if (status === TOO_LARGE) return 'raise the largest request that the collector takes';
  if (status === 415) return 'set OTEL_EXPORTER_OTLP_PROTOCOL to what it takes: http/protobuf or http/json';
  if (status >= 300 && status < 400) return 'give the URL that it redirects to';
  return 'see the log of the collector';
}

/** The readable beginning of an answer's body: protobuf bodies hold their message as text among other bytes. */
function excerpt(body: string): string {
  const text = withoutSecrets(body.slice(0, 4096))
    .replace(/[\p{C}\uFFFD]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return text === '' ? '' : `: ${text}`;
}

function waiting(retryAfter = 0): string {
  return retryAfter === 0 ? '' : ` and asks to wait ${formatDuration(retryAfter)}`;
}

/**
 * Why an export failed, as a HANDLER_WRITE that says whether it is worth another try.
 * @param where the URL as messages may show it
 * @param path where collectors usually take the signal, such as v1/logs
 * @param env what may name a proxy
 */
export function exportFailure(
  error: unknown,
  where: string,
  path: string,
  env: NodeJS.ProcessEnv = {},
): MirrormonError {
  const proxy = Object.keys(env).find((name) => /^(?:https?|all)_proxy$/i.test(name) && env[name] !== '');
  const failed = (what: string, details: Pick<ErrorDetails, 'canRetry' | 'isBusy' | 'hint' | 'retryAfter'>) =>
    new MirrormonError('HANDLER_WRITE', what, { where, cause: error, ...details });

  if (error instanceof HttpAnswer) {
    const { status, message, body, retryAfter } = error;
    const answer = `the collector answered ${status}${message ? ` ${message}` : ''}${waiting(retryAfter)}${excerpt(body)}`;
    const canRetry = status === 408 || status === 429 || status >= 500;
    const isBusy = status === 429 || (status === 503 && retryAfter !== undefined);
    return failed(answer, { canRetry, isBusy, hint: hintFor(status, path), retryAfter });
  }
  const { code, name } = (error instanceof BrokenAnswer ? error.cause : error) as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') {
    const hint = 'OTEL_EXPORTER_OTLP_TIMEOUT sets the milliseconds';
    return failed('the collector did not answer in time', { canRetry: true, hint });
  }
  // it speaks HTTP, so another try may have a whole answer
  if (error instanceof BrokenAnswer) {
    const reason = `the collector's answer broke off: ${systemReason(error.cause)}`;
    return failed(reason, { canRetry: true, hint: 'see the log of the collector, or of a proxy before it' });
  }
  if (code !== undefined && passing.has(code)) {
    const reason = `the collector cannot be reached: ${systemReason(error)}`;
    const hint = proxy
      ? `check that it runs; ${proxy} is not used: give a collector that needs no proxy`
      : 'check that it runs';
    return failed(reason, { canRetry: true, hint });
  }
  const hint = String(code).startsWith('HPE_')
    ? isHttp.test(String(code))
      ? 'its answer is no sound HTTP/1.1; see its log, or that of a proxy before it'
      : 'it does not speak HTTP/1.1: OTLP over HTTP usually has port 4318, gRPC 4317'
    : /CERT|SELF_SIGNED/.test(String(code))
      ? 'OTEL_EXPORTER_OTLP_CERTIFICATE names the file of the certificate to trust'
      : undefined;
  return failed(`the export failed: ${systemReason(error)}`, { canRetry: false, hint });
}
