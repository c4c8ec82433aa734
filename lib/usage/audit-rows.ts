import type { Usage } from './index.ts';
import { Labels } from './labels.ts';
import { copiesBySession } from './session-copies.ts';
import { keyOf, rowOfKey, type SessionView } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';
import { heldPorts } from './steals.ts';

/** One session, for whoever must know who did what. */
export interface AuditRow {
  readonly id: string;
  /** As the client's machine calls the person. */
  readonly user: string;
  /** As Kubernetes does. */
  readonly clientUser: string;
  readonly hostname: string;
  readonly clientId: string;
  readonly target: string;
  readonly namespace: string;
  /** Milliseconds since the epoch; where no record tells it: what the end's duration says, undefined if nothing does. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly seconds: number;
  /** Ports that it stole or mirrored. */
  readonly ports: readonly string[];
  /** `port=filter` of the steals that had one. */
  readonly filters: readonly string[];
  /** Targets that it copied. */
  readonly copies: readonly string[];
  readonly missing: '' | 'start' | 'end' | 'both';
  /** Ports that it steals now: it has neither ended nor given them back. */
  readonly held: readonly string[];
}

/** Every session by its start, then by its id. */
export function* auditRows({ sessions, copies, until }: Usage): Generator<AuditRow> {
  const copied = copiesBySession(copies, sessions, until);
  const labels = new Labels(sessions);
  const view = {} as SessionView;
  let key = 0;
  let made: AuditRow | undefined;
  const take = (session: SessionView): void => {
    if (keyOf(session) === key) made = rowOf(session, sessions, labels, copied(key));
  };
  for (key of inOrder(sessions, until)) {
    sessions.view(rowOfKey(key), until, view, take);
    yield made!;
  }
}

const NONE: readonly string[] = [];

/** The keys of all sessions, by start, then by id. */
function inOrder(sessions: Usage['sessions'], until: number): Float64Array {
  const keys: number[] = [];
  const starts: number[] = [];
  let isOrdered = true;
  sessions.each(until, (session) => {
    isOrdered &&= !(session.start <= starts.at(-1)!);
    keys.push(keyOf(session));
    starts.push(session.start);
  });
  // sessions stand as they were first heard of, which in most logs is their order already
  if (isOrdered) return Float64Array.from(keys);
  const { table } = sessions;
  const order = Array.from(keys.keys()).sort((a, b) => {
    const order = starts[a]! - starts[b]!;
    const [left, right] = [keys[a]!, keys[b]!];
    if (order !== 0 || rowOfKey(left) === rowOfKey(right)) return order || left - right;
    return table.id(rowOfKey(left)) < table.id(rowOfKey(right)) ? -1 : 1;
  });
  return Float64Array.from(order, (k) => keys[k]!);
}

function rowOf(
  session: SessionView,
  { table, ports }: Usage['sessions'],
  labels: Labels,
  copies: readonly string[],
): AuditRow {
  const { row, client, target, start, end, seconds, startMissing, endMissing } = session;
  const isDeduced = startMissing && Number.isFinite(table.seconds[row]!) && !endMissing;
  return {
    id: table.id(row),
    user: labels.name(client),
    clientUser: labels.kubernetesUser(client),
    hostname: labels.host(client),
    clientId: labels.certificate(client),
    target: labels.fullTarget(target),
    namespace: labels.namespace(target),
    start: !startMissing || isDeduced ? start : undefined,
    end: endMissing ? undefined : end,
    seconds,
    ...portsOf(ports, session.ports),
    copies,
    missing: startMissing ? (endMissing ? 'both' : 'start') : endMissing ? 'end' : '',
    held: endMissing ? heldPorts(ports.of(session.ports)) : [],
  };
}

const NO_PORTS: Pick<AuditRow, 'ports' | 'filters'> = { ports: NONE, filters: NONE };

/** Each port, and each filter of a port, once, as they came. */
function portsOf(uses: Usage['sessions']['ports'], head: number): Pick<AuditRow, 'ports' | 'filters'> {
  if (head === UNKNOWN) return NO_PORTS;
  const ports: string[] = [];
  const filters: string[] = [];
  for (const name of uses.namesOf(head)) {
    const [port = '', filter = ''] = uses.names.texts(name);
    if (!ports.includes(port)) ports.push(port);
    const filtered = filter === '' ? '' : `${port}=${filter}`;
    if (filtered !== '' && !filters.includes(filtered)) filters.push(filtered);
  }
  return { ports, filters };
}
