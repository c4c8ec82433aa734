import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { MirrormonError, systemReason } from '../../errors.ts';
import { openWeb, type ReadWebConfig, type WebConfig, type WebTls } from './web-config.ts';

/** A few servers, curls and browsers; each takes memory, and descriptors that inputs need, too. */
const MOST_CONNECTIONS = 64;
const MOST_HEADER_BYTES = 8192;
const MOST_HEADERS = 64;
/** Milliseconds in which a request must have come: it has no body. */
const REQUEST_MS = 10_000;
/** Milliseconds after which a connection that neither reads nor writes is dropped: longer than usual scrape intervals. */
const IDLE_MS = 75_000;
/** Milliseconds between two looks whether the file has changed. */
const RELOAD_MS = 1_000;

type Listener = (request: IncomingMessage, response: ServerResponse, web: WebConfig) => void;

const limits = {
  maxHeaderSize: MOST_HEADER_BYTES,
  headersTimeout: REQUEST_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: IDLE_MS,
};

export interface WebServerOptions {
  /** undefined = plain HTTP for everyone. */
  readonly path: string | undefined;
  readonly read: ReadWebConfig;
  warn(message: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * The server of an endpoint as its web configuration file has it, not yet listening. Certificates and users are read
 * anew when someone connects, at most once a second; whether there is TLS, and HTTP/2 in it, is settled at the start.
 * @throws {MirrormonError} CONFIG_INVALID
 */
export async function createWebServer(listener: Listener, options: WebServerOptions): Promise<Server> {
  const { path, read } = options;
  let web = path === undefined ? openWeb : await read(path);
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    listener(request, response, web);
  const server =
    web.tls === undefined ? createServer(limits, answer) : await tlsServer(web.tls, web.http2, answer, path!);
  server.maxHeadersCount = MOST_HEADERS;
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout?.(IDLE_MS);
  if (path === undefined) return server;
  let looked = options.now();
  server.on('connection', () => {
    if (options.now() - looked < RELOAD_MS) return;
    looked = options.now();
    read(path)
      .then((next) => {
        web = next;
        if (next.tls !== undefined && 'setSecureContext' in server) {
          (server as Server & { setSecureContext(options: SecureContextOptions): void }).setSecureContext(
            secureContext(next.tls),
          );
        }
      })
      .catch((error) =>
        options.warn(
          `${error instanceof MirrormonError ? error.describe() : systemReason(error)}; what it said before counts on`,
        ),
      );
  });
  return server;
}

async function tlsServer(
  tls: WebTls,
  http2: boolean,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  path: string,
): Promise<Server> {
  const asksForCertificate = tls.clientAuth !== 'NoClientCert';
  const options = {
    ...limits,
    ...secureContext(tls),
    requestCert: asksForCertificate,
    rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
    handshakeTimeout: REQUEST_MS,
  };
  let server: Server;
  try {
    server = http2
      ? ((await import('node:http2')).createSecureServer(
          { ...options, allowHTTP1: true, settings: { maxConcurrentStreams: 16 } },
          answer as never,
        ) as unknown as Server)
      : createTlsServer(options, answer);
  } catch (cause) {
    throw new MirrormonError('CONFIG_INVALID', `its TLS cannot be used: ${(cause as Error).message}`, {
      where: path,
      hint: 'check that key and certificate belong together',
      cause,
    });
  }
  server.on('secureConnection', (socket: TLSSocket) => {
    if (!isAdmitted(socket, tls)) socket.destroy();
  });
  // a client that speaks no TLS, or is not welcome, is its own affair
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  return server;
}

function secureContext(tls: WebTls): SecureContextOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    honorCipherOrder: tls.preferServerCiphers,
    ...(tls.clientCa !== undefined && { ca: tls.clientCa }),
    ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
    ...(tls.curves !== undefined && { ecdhCurve: tls.curves }),
  };
}

/** Whether a connection's certificate is what the type asks for; what is verified, TLS itself has told. */
function isAdmitted(socket: TLSSocket, { clientAuth, clientSans }: WebTls): boolean {
  const { raw, subjectaltname = '' } = socket.getPeerCertificate();
  const hasOne = raw !== undefined;
  if (!hasOne) return clientAuth !== 'RequireAnyClientCert' && clientAuth !== 'RequireAndVerifyClientCert';
  if (clientAuth === 'VerifyClientCertIfGiven' && !socket.authorized) return false;
  if (clientSans.length === 0) return true;
  const names = subjectaltname.split(', ').map((name) => name.replace(/^[A-Za-z ]+:/, ''));
  return clientSans.some((name) => names.includes(name));
}
