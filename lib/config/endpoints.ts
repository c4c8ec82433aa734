import type { HandlerConfig } from '../config.ts';
import { type Address, parseAddress } from '../text/address.ts';
import { at, isAbsent } from './node.ts';
import type { Reading } from './reading.ts';

/** Who asks by an option for TLS and users of an endpoint wants one; in a file they may stand for another day. */
export function refuseNoEndpoint(
  handlers: readonly HandlerConfig[],
  { root, options, problems }: Reading,
): void {
  if (handlers.some(({ type }) => type === 'prometheus')) return;
  const message = 'has no effect, as there is no Prometheus endpoint';
  const name = '--metrics-web-config';
  if (options.metricsWebConfig !== undefined) problems.error({ name }, name, message, 'add --metrics-addr');
  const path = 'operator.metricsWebConfig';
  const node = at(root, path.split('.'));
  if (isAbsent(node)) return;
  const hint = 'switch one on by operator.metrics: true, or --metrics-addr';
  problems.warning(node.origin, path, `${path} ${message}`, hint);
}

/** Two endpoints cannot listen at one address: the second would fail to open. Entries of `events` come first. */
export function refuseSharedAddresses(handlers: readonly HandlerConfig[], { root, problems }: Reading): void {
  const endpoints = handlers.filter(({ type }) => type === 'prometheus');
  endpoints.forEach((endpoint, k) => {
    const { name, place, address, fallbackAddress } = endpoint;
    const others = endpoints.slice(0, k);
    const taken = [address, fallbackAddress].filter((text) => text !== undefined);
    const owners = taken.map((text) => others.find((other) => areOne(text, other.address)));
    const [owner] = owners;
    if (owner === undefined || owners.includes(undefined)) return;
    const entry = at(root, ['events', name, 'handler']);
    const message = `serves at ${address}, which ${nameOf(owner, root)} does already`;
    const hint = 'give it another address, or one endpoint both subscriptions';
    const { origin } = entry ?? at(root, ['operator', 'metrics']) ?? { origin: { name: place } };
    problems.error(origin, place, `${nameOf(endpoint, root)} ${message}`, hint);
  });
}

function nameOf({ name }: HandlerConfig, root: Reading['root']): string {
  return at(root, ['events', name]) === undefined ? 'operator.metrics' : `events.${name}.handler`;
}

/** Whether only one server can listen at both: a wildcard takes the addresses of its family, and `::` those of both. */
function areOne(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [one, other].map((text) => parseAddress(text ?? ''));
  if (a === undefined || b === undefined || a.port !== b.port || a.port === 0) return false;
  return a.host === b.host || takes(a, b) || takes(b, a);
}

function takes({ host }: Address, { host: other }: Address): boolean {
  if (host === '' || host === '::') return true;
  return host === '0.0.0.0' && /^[\d.]+$/.test(other);
}
