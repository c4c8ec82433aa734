import { type Batch, type RowList, ValueType } from '../../batch/batch.ts';
import { type Kinds, OTHER } from '../../batch/kinds.ts';
import { PerTable, type Symbols } from '../../batch/symbols.ts';
import type { Wants } from '../../batch/wants.ts';
import { eventFields } from '../../events/event-fields.ts';
import { eventTypes, kindOfType, typeOfNamespace } from '../../events/namespaces.ts';
import type { OpenSystem, System } from '../system.ts';

/** OpenZiti's events are passed on, never aggregated again: it measures nothing and has no catalogue. */
export const ziti: System = {
  name: 'ziti',
  catalogue: [],

  open(wants: Wants, kinds: Kinds): OpenSystem {
    const fields = eventFields(wants);
    wants.reads({ what: 'ids', field: fields.namespace }, [OTHER]);
    const kindByType = new Map(
      eventTypes.map((type) => [type as string, kinds.define(kindOfType(type), 'event').id]),
    );
    const metrics = kindByType.get('metrics')!;
    const byNamespace = new PerTable<Symbols, number[]>(() => []);

    return {
      classify(batch: Batch, rows: RowList): void {
        const { kind, symbols } = batch;
        const ids = batch.column(fields.namespace).idsOf(rows);
        const metricKeys = batch.column(fields.metrics);
        const names = batch.column(fields.metric);
        const known = byNamespace.of(symbols);
        for (let k = 0; k < rows.length; k++) {
          const row = rows[k]!;
          const id = ids[k]!;
          if (id === 0) continue;
          let found = known[id];
          if (found === undefined) {
            found = kindByType.get(typeOfNamespace(symbols.text(id)) ?? '') ?? OTHER;
            known[id] = found;
          }
          // a metrics event without a name or without values is no event that a subscription could select from
          if (
            found === metrics &&
            !(names.type(row) === ValueType.string && metricKeys.type(row) === ValueType.object)
          ) {
            found = OTHER;
          }
          kind[row] = found;
        }
      },
      observedKinds: new Set(),
      gauges: [],
    };
  },
};
