export interface Address {
  /** Without brackets; '' means every address of this machine. */
  readonly host: string;
  readonly port: number;
}

const hostName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?$/;
const ipv6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[\w.-]+)?$/;

/** A socket address, `host:port`, `[::]:port` or `:port`; undefined if it is none. Port 0 lets the system choose. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\][]*)\]|([^:\][]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  if (port > 65535) return undefined;
  if (match[1] !== undefined) return ipv6.test(match[1]) ? { host: match[1], port } : undefined;
  const host = match[2]!;
  return host === '' || isHost(host) ? { host, port } : undefined;
}

function isHost(host: string): boolean {
  if (!/^[\d.]+$/.test(host)) return hostName.test(host);
  const bytes = host.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255);
}

/** The address as `parseAddress` reads it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether this is the address of a server: a host, and a port that may be left out. */
export function isServer(text: string): boolean {
  const address = parseAddress(text) ?? parseAddress(`${text}:1`);
  return address !== undefined && address.host !== '' && address.port > 0;
}
