import { useMemo } from 'preact/hooks';
import { count } from '../../format.ts';
import type { ModuleRecords } from '../../snapshot.ts';
import { type Column, DataTable } from '../data-table.tsx';
import type { ViewProps } from './view-props.ts';

const columns: Column<ModuleRecords>[] = [
  { key: 'module', label: 'Module', value: ({ module }) => module },
  {
    key: 'level',
    label: 'Level',
    value: ({ level }) => level,
    cell: ({ level }) => <span class={`level-${level}`}>{level}</span>,
  },
  {
    key: 'records',
    label: 'Records',
    number: true,
    value: ({ records }) => records,
    cell: ({ records }) => count(records),
  },
];

/** How the Operator is: what it warns of, what is missing in its log, what was not understood. */
export function HealthView({ snapshot: { head }, state, onChange }: ViewProps) {
  const of = (level: string): number =>
    head.modules.filter((row) => row.level === level).reduce((sum, { records }) => sum + records, 0);
  const rows = useMemo(() => [...head.modules].sort(byWeight), [head]);
  const cards: [label: string, value: number][] = [
    ['Errors', of('ERROR')],
    ['Warnings', of('WARN')],
    ['Sessions that are open', head.sessions.active],
    ['Sessions without an end', head.sessions.withoutEnd],
    ['Sessions without a start', head.sessions.withoutStart],
    ['Records read', head.records.read],
    ['Records not understood', head.records.rejected],
  ];
  return (
    <>
      <div class="cards">
        {cards.map(([label, value]) => (
          <section class="card" key={label}>
            <div class="label">{label}</div>
            <div class="value">{count(value)}</div>
          </section>
        ))}
      </div>
      <DataTable
        title="Log records by module"
        rows={rows}
        columns={columns}
        text={({ module, level }) => `${module} ${level}`}
        state={state}
        onChange={onChange}
      />
    </>
  );
}

const weights = ['ERROR', 'WARN'];

/** Errors before warnings before the others, and of each the most first. */
function byWeight(a: ModuleRecords, b: ModuleRecords): number {
  const weight = ({ level }: ModuleRecords): number =>
    (weights.indexOf(level) + weights.length + 1) % (weights.length + 1);
  return weight(a) - weight(b) || b.records - a.records;
}
