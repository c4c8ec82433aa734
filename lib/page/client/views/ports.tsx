import { useMemo } from 'preact/hooks';
import { count, timeText } from '../../format.ts';
import type { PortUse } from '../../snapshot.ts';
import { type Column, DataTable } from '../data-table.tsx';
import type { ViewProps } from './view-props.ts';

/** Who steals or mirrors which port of which target, and by which filter. */
export function PortsView({ snapshot: { head }, view, state, onChange }: ViewProps) {
  const { range } = view;
  const rows = useMemo(() => {
    const begin = range.from * 86_400_000;
    const end = (range.to + 1) * 86_400_000;
    return head.ports.filter(({ first, last }) => last >= begin && first < end).sort(byWorth);
  }, [head, range]);
  const columns = useMemo(() => columnsOf(head), [head]);
  return (
    <DataTable
      title="Uses of ports"
      rows={rows}
      columns={columns}
      text={(row) =>
        `${row.port} ${head.targets[row.target]!.name} ${head.targets[row.target]!.namespace} ${head.users[row.user]} ${row.filter}`
      }
      state={state}
      onChange={onChange}
    >
      <p class="muted">
        Collisions are those of the port of the target: steals that began while another session had the same
        requests. A row is shown where its first and last use overlap the range, with all of its sessions.
      </p>
    </DataTable>
  );
}

/** Ports that were fought for come first, each with all who used it; then what was used most, and last. */
function byWorth(a: PortUse, b: PortUse): number {
  const fought = b.collisions - a.collisions;
  if (fought !== 0) return fought;
  const ofOnePort = a.collisions === 0 ? 0 : a.target - b.target || Number(a.port) - Number(b.port);
  return ofOnePort || b.sessions - a.sessions || b.last - a.last;
}

function columnsOf(head: ViewProps['snapshot']['head']): Column<PortUse>[] {
  return [
    {
      key: 'port',
      label: 'Port',
      number: true,
      value: ({ port }) => Number(port) || 0,
      cell: ({ port }) => port,
    },
    { key: 'action', label: 'Action', value: ({ action }) => action },
    { key: 'target', label: 'Target', value: ({ target }) => head.targets[target]!.name },
    { key: 'namespace', label: 'Namespace', value: ({ target }) => head.targets[target]!.namespace },
    { key: 'user', label: 'User', value: ({ user }) => head.users[user]! },
    {
      key: 'filter',
      label: 'HTTP filter',
      value: ({ filter }) => filter,
      cell: ({ filter }) => filter || <span class="muted">all traffic</span>,
    },
    {
      key: 'sessions',
      label: 'Sessions',
      number: true,
      value: ({ sessions }) => sessions,
      cell: ({ sessions }) => count(sessions),
    },
    {
      key: 'collisions',
      label: 'Collisions',
      number: true,
      value: ({ collisions }) => collisions,
      cell: ({ collisions }) => count(collisions),
    },
    {
      key: 'last',
      label: 'Last, UTC',
      number: true,
      value: ({ last }) => last,
      cell: ({ last }) => timeText(last),
    },
  ];
}
