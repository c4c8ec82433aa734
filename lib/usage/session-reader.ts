import type { Batch } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Field, LabelSet, Wants } from '../batch/wants.ts';
import { logField } from '../tracing/record-fields.ts';
import type { Copies } from './copies.ts';
import { actions } from './port-uses.ts';
import { clientFields, type Sessions, targetFields } from './session-store.ts';

/** The kinds of records that say something of a session. */
const kindNames = [
  'session-start',
  'session-end',
  'port-steal',
  'port-mirror',
  'port-release',
  'copy-target',
] as const;
type KindName = (typeof kindNames)[number];

const portActions = {
  'port-steal': actions.indexOf('steal'),
  'port-mirror': actions.indexOf('mirror'),
  'port-release': actions.indexOf('release'),
};

/** Reads the columns of functional records into sessions. */
export class SessionReader {
  /** Those that `read` is to be given. */
  readonly kinds: readonly number[];
  private readonly names: (KindName | undefined)[] = [];
  private readonly id: Field;
  private readonly duration: Field;
  private readonly scaleDown: Field;
  private readonly client: LabelSet;
  private readonly target: LabelSet;
  private readonly port: LabelSet;

  constructor(wants: Wants, kinds: Kinds) {
    const labels = (names: readonly string[]): LabelSet =>
      wants.labels(names.map((name) => logField(wants, name)));
    this.kinds = kindNames.flatMap((name) => kinds.byName(name)?.id ?? []);
    for (const name of kindNames) this.names[kinds.byName(name)?.id ?? 0] = name;
    this.id = logField(wants, 'session_id');
    this.duration = logField(wants, 'session_duration');
    this.scaleDown = logField(wants, 'scale_down');
    this.client = labels(clientFields);
    this.target = labels(targetFields);
    this.port = labels(['port', 'http_filter']);
  }

  /** @param newest milliseconds since the epoch, when a record happened that has no time */
  read(batch: Batch, rows: Uint32Array, newest: number, sessions: Sessions, copies: Copies): void {
    const ids = batch.column(this.id);
    const hashes = ids.hashesOf(rows);
    const clients = batch.labels(this.client);
    const targets = batch.labels(this.target);
    const { kind, time } = batch;
    let row = 0;
    const idOfRow = (): string => ids.text(row) ?? '';
    for (let k = 0; k < rows.length; k++) {
      row = rows[k]!;
      const name = this.names[kind[row]!]!;
      const at = Number.isNaN(time[row]!) ? newest : time[row]!;
      const client = sessions.clients.idOf(clients.tuples, clients.id(row));
      const target = sessions.targets.idOf(targets.tuples, targets.id(row));
      if (name === 'copy-target') {
        copies.add(client, target, at, this.scales(batch, row));
        continue;
      }
      const low = hashes[2 * k]!;
      const high = hashes[2 * k + 1]!;
      const isNameless = low === 0 && high === 0;
      // without an id a port belongs to nobody
      if (isNameless && name !== 'session-start' && name !== 'session-end') continue;
      const session = isNameless ? sessions.table.addNameless() : sessions.table.rowOf(low, high, idOfRow);
      if (name === 'session-start') sessions.began(session, at, client, target);
      else if (name === 'session-end') {
        sessions.ended(session, at, batch.column(this.duration).number(row), client, target);
      } else {
        sessions.mentioned(session, at, client, target);
        const ports = batch.labels(this.port);
        const port = sessions.ports.names.idOf(ports.tuples, ports.id(row));
        sessions.ports.add(sessions.table, session, portActions[name], port, at);
      }
    }
  }

  private scales(batch: Batch, row: number): boolean {
    const column = batch.column(this.scaleDown);
    return column.id(row) !== 0 && column.text(row) === 'true';
  }
}
