import type { Server } from 'node:http';
import { MirrormonError, systemReason } from '../../errors.ts';
import { type Address, parseAddress } from '../../text/address.ts';

/** The URL at which a server that is bound there can be asked from this machine. */
function urlOf(address: string, port: number, isTls: boolean): string {
  const scheme = isTls ? 'https' : 'http';
  if (address === '0.0.0.0') return `${scheme}://127.0.0.1:${port}`;
  if (address === '::') return `${scheme}://[::1]:${port}`;
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function bind(server: Server, address: Address): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: address.port, host: address.host || undefined }, () => {
      server.off('error', reject);
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('it is not a TCP address'));
      else resolve(urlOf(bound.address, bound.port, 'setSecureContext' in server));
    });
  });
}

/**
 * Binds the first of the addresses that can be bound, with a warning for each that cannot, and gives the URL.
 * @throws {MirrormonError} HANDLER_OPEN if none can be bound
 */
export async function listen(
  server: Server,
  addresses: readonly string[],
  warn: (message: string) => void,
): Promise<string> {
  const failures: { text: string; reason: string; cause: unknown }[] = [];
  for (const text of addresses) {
    try {
      const address = parseAddress(text);
      if (address === undefined) throw new Error('it is not host:port, [::]:port or :port');
      const url = await bind(server, address);
      for (const { text: failed, reason } of failures) {
        warn(`cannot listen on ${failed}: ${reason}; listening on ${text} instead`);
      }
      return url;
    } catch (cause) {
      failures.push({ text, reason: systemReason(cause), cause });
    }
  }
  const first = failures[0];
  throw new MirrormonError(
    'HANDLER_OPEN',
    `cannot listen on ${failures.map(({ text, reason }) => `${text} (${reason})`).join(' nor on ')}`,
    {
      hint: 'choose an address that is free with --metrics-addr or OPERATOR_METRICS_ADDR; port 0 takes any free one',
      cause: first?.cause,
    },
  );
}

/** Milliseconds that answers under way may take when the server stops. */
const grace = 1_000;

/** Stops a server: idle connections at once, answers under way get a second. */
export async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // a server of HTTP/2 has neither: its sessions end when they are idle
  server.closeIdleConnections?.();
  const timer = setTimeout(() => server.closeAllConnections?.(), grace);
  await closed;
  clearTimeout(timer);
}
