import { systemReason } from '../../errors.ts';
import type { ExpositionFormat } from './families.ts';
import { get, type HttpBody } from './request.ts';
import type { Target } from './target.ts';

const LF = 0x0a;

/** Text first: OpenMetrics has no type for counters without _total, of which the Operator has five. */
const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1';

/** Decompressed; some 300,000 series. What is larger would be held in memory whole. */
const MAX_BYTES = 64 << 20;

export interface Exposition {
  readonly format: ExpositionFormat;
  readonly bytes: Uint8Array;
}

/** Why an endpoint could not be scraped, in words for a user. */
export class ScrapeFailure extends Error {}

function formatOf(contentType: string): ExpositionFormat {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/openmetrics-text') return 'openmetrics';
  if (type === '' || type === 'text/plain') return 'text';
  throw new ScrapeFailure(`what it answers is ${type}, not an exposition`);
}

async function read({ status, statusText, contentType, chunks, isBounded }: HttpBody): Promise<Exposition> {
  if (status < 200 || status >= 300)
    throw new ScrapeFailure(`it answers ${`${status} ${statusText}`.trim()}`);
  const format = formatOf(contentType);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new ScrapeFailure(`its exposition is larger than ${MAX_BYTES >> 20} MiB`);
    parts.push(chunk);
  }
  const bytes = Buffer.concat(parts);
  const missing = missingOf(format, bytes, isBounded);
  if (missing !== undefined) throw new ScrapeFailure(`its exposition broke off: ${missing}`);
  return { format, bytes };
}

/** What an exposition lacks that is not whole. */
function missingOf(format: ExpositionFormat, bytes: Buffer, isBounded: boolean): string | undefined {
  if (format === 'openmetrics') {
    return /(?:^|\n)# EOF\n?$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 8)))
      ? undefined
      : 'it does not end with # EOF';
  }
  // where only the end of the connection ends it, nothing else tells
  return isBounded || bytes.length === 0 || bytes.at(-1) === LF ? undefined : 'its last line has no end';
}

/**
 * Reads an endpoint once.
 * @param timeout milliseconds, for all of it
 * @throws {ScrapeFailure} for any reason that lies outside of us, a signal's abort included
 */
export async function getExposition(
  target: Target,
  timeout: number,
  signal: AbortSignal,
): Promise<Exposition> {
  const { url, authorization } = target;
  const late = AbortSignal.timeout(timeout);
  const headers = {
    accept,
    'user-agent': 'mirrormon',
    'x-prometheus-scrape-timeout-seconds': String(timeout / 1000),
    ...(authorization === undefined ? {} : { authorization }),
  };
  try {
    const body = await get(url, headers, AbortSignal.any([late, signal]));
    try {
      return await read(body);
    } finally {
      body.close();
    }
  } catch (error) {
    if (error instanceof ScrapeFailure) throw error;
    if (late.aborted) throw new ScrapeFailure(`no answer within ${timeout / 1000} s`, { cause: error });
    throw new ScrapeFailure(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'its answer broke off in the middle of the compressed data';
  if (code === 'ECONNRESET') return 'its answer broke off, or the connection was closed before it';
  if (code?.startsWith('Z_')) return `its compressed answer is damaged: ${(error as Error).message}`;
  return systemReason(error);
}
