import { copiesBySession } from './copies.ts';
import type { Usage } from './index.ts';
import { Labels } from './labels.ts';
import { keyOf, rowOfKey, type SessionView } from './session-store.ts';

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
}

/** Every session by its start, then by its id. */
export function* auditRows({ sessions, copies, until }: Usage): Generator<AuditRow> {
  const copied = copiesBySession(copies, sessions, until);
  const labels = new Labels(sessions);
  const view = {} as SessionView;
  for (const key of inOrder(sessions, until)) {
    let made: AuditRow | undefined;
    sessions.view(rowOfKey(key), until, view, (session) => {
      if (keyOf(session) === key) made = rowOf(session, sessions, labels, copied.get(key) ?? NONE);
    });
    yield made!;
  }
}

const NONE: readonly string[] = [];

/** The keys of all sessions, by start, then by id. */
function inOrder(sessions: Usage['sessions'], until: number): Float64Array {
  const { table } = sessions;
  const starts = new Map<number, number>();
  const keys: number[] = [];
  const startOf = new Float64Array(table.length);
  sessions.each(until, (session) => {
    keys.push(keyOf(session));
    if (session.which === 0) startOf[session.row] = session.start;
    else starts.set(keyOf(session), session.start);
  });
  const start = (key: number): number => starts.get(key) ?? startOf[rowOfKey(key)]!;
  return Float64Array.from(keys).sort((a, b) => {
    const order = start(a) - start(b);
    if (order !== 0 || rowOfKey(a) === rowOfKey(b)) return order || a - b;
    return table.id(rowOfKey(a)) < table.id(rowOfKey(b)) ? -1 : 1;
  });
}

function rowOf(
  session: SessionView,
  { table, ports }: Usage['sessions'],
  labels: Labels,
  copies: readonly string[],
): AuditRow {
  const { row, client, target, start, end, seconds, startMissing, endMissing } = session;
  const uses = ports.of(session.ports).filter(({ action }) => action !== 'release');
  const filtered = uses.filter(({ filter }) => filter !== '').map(({ port, filter }) => `${port}=${filter}`);
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
    ports: [...new Set(uses.map(({ port }) => port))],
    filters: [...new Set(filtered)],
    copies,
    missing: startMissing ? (endMissing ? 'both' : 'start') : endMissing ? 'end' : '',
  };
}
