import type { Batch, RowList } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { PlannedNotes } from '../batch/measure-plan.ts';
import { type SessionNotes, says } from '../batch/session-notes.ts';
import type { Field, LabelSet, Wants } from '../batch/wants.ts';
import { writtenNumber } from '../batch/written-number.ts';
import { logField } from '../tracing/record-fields.ts';
import type { Copies } from './copies.ts';
import { actions, type PortAction } from './port-uses.ts';
import { clientFields, type Sessions, targetFields } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';

const { start: START, end: END, copy: COPY, port: PORT } = says;

const portOf = (action: PortAction): number => PORT + actions.indexOf(action);

/** By the kinds of records that say something of a session. */
const sayings: Readonly<Record<string, number>> = {
  'session-start': START,
  'session-end': END,
  'copy-target': COPY,
  'port-steal': portOf('steal'),
  'port-mirror': portOf('mirror'),
  'port-release': portOf('release'),
};

/** Reads the columns of functional records into sessions. */
export class SessionReader {
  /** Those that `read` is to be given. */
  readonly kinds: readonly number[];
  private readonly sayings = new Uint8Array(256);
  private readonly keepsIds: boolean;
  private readonly id: Field;
  private readonly duration: Field;
  private readonly scaleDown: Field;
  private readonly client: LabelSet;
  private readonly target: LabelSet;
  private readonly port: LabelSet;

  constructor(wants: Wants, kinds: Kinds, keepsIds: boolean) {
    const labels = (names: readonly string[]): LabelSet =>
      wants.labels(names.map((name) => logField(wants, name)));
    this.kinds = Object.keys(sayings).flatMap((name) => kinds.byName(name)?.id ?? []);
    for (const [name, says] of Object.entries(sayings)) this.sayings[kinds.byName(name)?.id ?? 0] = says;
    this.keepsIds = keepsIds;
    this.id = logField(wants, 'session_id');
    this.duration = logField(wants, 'session_duration');
    this.scaleDown = logField(wants, 'scale_down');
    this.client = labels(clientFields);
    this.target = labels(targetFields);
    this.port = labels(['port', 'http_filter']);
  }

  /** @param newest milliseconds since the epoch, when a record happened that has no time */
  read(batch: Batch, rows: RowList, newest: number, sessions: Sessions, copies: Copies): void {
    const { table } = sessions;
    const { kind, time } = batch;
    const ids = batch.column(this.id);
    const durations = batch.column(this.duration);
    const clients = batch.labels(this.client);
    const targets = batch.labels(this.target);
    const ports = batch.labels(this.port);
    const hashes = ids.hashesOf(rows);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const said = this.sayings[kind[row]!]!;
      const at = Number.isNaN(time[row]!) ? newest : time[row]!;
      let client = UNKNOWN;
      let target = UNKNOWN;
      if (said === COPY) {
        client = sessions.clients.idOf(clients.tuples, clients.id(row));
        target = sessions.targets.idOf(targets.tuples, targets.id(row));
        copies.add(client, target, at, this.scales(batch, row));
        continue;
      }
      const low = hashes[2 * k]!;
      const high = hashes[2 * k + 1]!;
      const isNameless = low === 0 && high === 0;
      // without an id a port belongs to nobody
      if (isNameless && said >= PORT) continue;
      let session = isNameless ? table.addNameless() : table.find(low, high);
      if (session < 0) session = table.add(low, high, this.keepsIds ? (ids.text(row) ?? '') : '');
      if (said === START) {
        client = sessions.clients.idOf(clients.tuples, clients.id(row));
        target = sessions.targets.idOf(targets.tuples, targets.id(row));
        sessions.began(session, at, client, target);
        continue;
      }
      if (said === END || sessions.asksWhose(session)) {
        client = sessions.clients.idOf(clients.tuples, clients.id(row));
        target = sessions.targets.idOf(targets.tuples, targets.id(row));
      }
      if (said === END) sessions.ended(session, at, writtenNumber(durations, row), client, target);
      else {
        sessions.mentioned(session, at, client, target);
        const port = sessions.ports.names.idOf(ports.tuples, ports.id(row));
        sessions.ports.add(table, session, said - PORT, port, at);
      }
    }
  }

  /** What records that are no rows say of copied targets. */
  readCopies(notes: SessionNotes, sessions: Sessions, copies: Copies): void {
    for (let k = 0; k < notes.counts.copies; k++) readCopy(notes, k, sessions, copies);
  }

  /** How whoever reads records is to note what they say, for `readCopies` and NotedSessions. */
  get plan(): Omit<PlannedNotes, 'leveled' | 'leastLevel'> {
    const { id, duration, scaleDown, client: clients, target: targets, port: ports, keepsIds } = this;
    const sayings = this.kinds.map((kind) => [kind, this.sayings[kind]!] as const);
    return { sayings, id, duration, scaleDown, clients, targets, ports, keepsIds };
  }

  private scales(batch: Batch, row: number): boolean {
    return batch.column(this.scaleDown).text(row) === 'true';
  }
}

function readCopy(notes: SessionNotes, k: number, { clients, targets }: Sessions, copies: Copies): void {
  const { labels } = notes;
  const { client, target, time, scalesDown } = notes.copy(k);
  copies.add(clients.idOf(labels.clients, client), targets.idOf(labels.targets, target), time, scalesDown);
}
