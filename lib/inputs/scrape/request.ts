import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';

const MOST_REDIRECTS = 5;

export interface HttpBody {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string;
  /** Decompressed; fails if it ends before it is whole. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Whether the end of the body is told by something else than the connection's. */
  readonly isBounded: boolean;
  /** Lets go of what was not read. */
  close(): void;
}

/**
 * One GET, with redirects followed. Not by fetch, which takes a compressed body for whole wherever it ends.
 * @throws the system's and zlib's errors, and an Error in words for what the answer is at fault for
 */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  redirects = 0,
): Promise<HttpBody> {
  const response = await answered(url, headers, signal);
  const { statusCode: status = 0, statusMessage: statusText = '', headers: told } = response;
  const { location } = told;
  if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url)) {
    response.destroy();
    if (redirects === MOST_REDIRECTS) throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
    const next = new URL(location, url);
    const { authorization: _, ...others } = headers;
    const isSame = next.host === new URL(url).host;
    return get(next.href, isSame ? headers : others, signal, redirects + 1);
  }
  return {
    status,
    statusText,
    contentType: told['content-type'] ?? '',
    chunks: decoded(response),
    isBounded:
      told['content-length'] !== undefined ||
      told['transfer-encoding'] !== undefined ||
      told['content-encoding'] !== undefined,
    close: () => response.destroy(),
  };
}

async function answered(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { request } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip', ...headers }, signal, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
}

/** A body that ends too early fails here, by its length, by its chunks, or by what its compression says. */
function decoded(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return response;
  const decoder = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate }[encoding];
  if (decoder === undefined) {
    response.destroy();
    throw new Error(`it answers in ${encoding}, which was not asked for`);
  }
  // whoever reads the decoder is told of all failures
  return pipeline(response, decoder(), () => {});
}
