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
    const hashes = batch.column(this.id).hashesOf(rows);
    const clients = batch.labels(this.client);
    const targets = batch.labels(this.target);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const name = this.names[batch.kind[row]!];
      const time = Number.isNaN(batch.time[row]!) ? newest : batch.time[row]!;
      const client = sessions.clients.idOf(clients.tuples, clients.id(row));
      const target = sessions.targets.idOf(targets.tuples, targets.id(row));
      if (name === 'copy-target') {
        copies.add(
          client,
          target,
          time,
          batch.column(this.scaleDown).id(row) !== 0 && this.scales(batch, row),
        );
        continue;
      }
      const low = hashes[2 * k]!;
      const high = hashes[2 * k + 1]!;
      const nameless = low === 0 && high === 0;
      // without an id a port belongs to nobody
      if (nameless && name !== 'session-start' && name !== 'session-end') continue;
      const session = nameless
        ? sessions.table.addNameless()
        : sessions.table.rowOf(low, high, () => batch.column(this.id).text(row) ?? '');
      this.take(name!, { batch, row, session, time, client, target }, sessions);
    }
  }

  private take(
    name: KindName,
    { batch, row, session, time, client, target }: Told,
    sessions: Sessions,
  ): void {
    if (name === 'session-start') sessions.began(session, time, client, target);
    else if (name === 'session-end') {
      sessions.ended(session, time, batch.column(this.duration).number(row), client, target);
    } else {
      sessions.mentioned(session, time, client, target);
      const ports = batch.labels(this.port);
      const action = actions.indexOf(name.slice('port-'.length) as (typeof actions)[number]);
      const port = sessions.ports.names.idOf(ports.tuples, ports.id(row));
      sessions.ports.add(sessions.table, session, action, port, time);
    }
  }

  private scales(batch: Batch, row: number): boolean {
    return batch.column(this.scaleDown).text(row) === 'true';
  }
}

interface Told {
  readonly batch: Batch;
  readonly row: number;
  readonly session: number;
  readonly time: number;
  readonly client: number;
  readonly target: number;
}
