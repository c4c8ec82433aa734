import { useEffect, useMemo, useRef } from 'preact/hooks';
import { timeUnitOf } from '../../../events/metric-event.ts';
import { duration } from '../../../text/figures.ts';
import { compact, figure, timeText } from '../../format.ts';
import type { MetricHistory } from '../../snapshot.ts';
import { Breakable } from '../breakable.tsx';
import { Lines } from '../charts/lines.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import type { ViewProps } from './view-props.ts';

const nameOf = ({ source, metric, labels }: MetricHistory): string =>
  [source, metric, labels].join(' ').trim();

const distribution = ['min', 'mean', 'p50', 'p75', 'p95', 'p99', 'p999', 'p9999', 'max'];

/** Keys that are drawn together, because they have one unit. */
const families: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ['Value', ['value']],
  ['Rates a second', ['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate']],
  ['Distribution', distribution],
  ['Count', ['count']],
];

/** Sources, their metrics, and how each went over time. */
export function MetricsView({ snapshot: { head }, state, onChange }: ViewProps) {
  const columns = useMemo(() => columnsOf((metric) => onChange({ metric })), [onChange]);
  const chosen = head.metrics.find((history) => nameOf(history) === state.metric);
  return (
    <>
      {chosen && <History history={chosen} onClose={() => onChange({ metric: '' })} />}
      <DataTable
        title="Metrics"
        rows={head.metrics}
        columns={columns}
        text={(history) => `${nameOf(history)} ${history.type}`}
        state={state}
        onChange={onChange}
      />
    </>
  );
}

/** How the numbers of a key of a history are written: rates and counts are no times. */
function formatOf(
  { metric, type }: MetricHistory,
  key: string,
  otherwise: (value: number) => string,
): (value: number) => string {
  const isMeasured = key === 'value' || distribution.includes(key);
  const unit = isMeasured ? timeUnitOf(metric, type) : undefined;
  return unit === undefined ? otherwise : (value) => duration(value * unit);
}

const newest = (history: MetricHistory, key: string): number | undefined =>
  history.keys[key]?.findLast((value) => value !== null) ?? undefined;

function columnsOf(choose: (metric: string) => void): Column<MetricHistory>[] {
  const number = (key: string, label: string): Column<MetricHistory> => ({
    key,
    label,
    number: true,
    value: (history) => newest(history, key) ?? Number.NEGATIVE_INFINITY,
    cell: (history) => {
      const value = newest(history, key);
      return value === undefined ? '' : formatOf(history, key, figure)(value);
    },
  });
  return [
    { key: 'source', label: 'Source', value: ({ source }) => source },
    {
      key: 'metric',
      label: 'Metric',
      value: ({ metric }) => metric,
      cell: (history) => (
        <button type="button" class="link" onClick={() => choose(nameOf(history))}>
          <Breakable text={history.metric} />
        </button>
      ),
    },
    { key: 'labels', label: 'Labels', value: ({ labels }) => labels },
    { key: 'type', label: 'Type', value: ({ type }) => type },
    number('value', 'Value'),
    number('count', 'Count'),
    number('m1_rate', 'Rate, 1 min'),
    number('p50', 'p50'),
    number('p95', 'p95'),
    {
      key: 'last',
      label: 'Last, UTC',
      number: true,
      value: ({ times }) => times.at(-1) ?? 0,
      cell: ({ times }) => (times.length === 0 ? '' : timeText(times.at(-1)!)),
    },
  ];
}

function History({ history, onClose }: { history: MetricHistory; onClose(): void }) {
  const { metric, source, labels, times, keys } = history;
  const section = useRef<HTMLElement>(null);
  // it stands above the table, out of sight of whoever chose it further down
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
    section.current?.focus({ preventScroll: true });
  }, [nameOf(history)]);
  const shown = families
    .map(([title, names]) => ({
      title,
      lines: names.filter((name) => keys[name] !== undefined).map((name) => ({ name, values: keys[name]! })),
    }))
    .filter(({ lines }) => lines.length > 0);
  return (
    <section class="card stack" aria-label={`${metric} of ${source}`} ref={section} tabIndex={-1}>
      <div class="head">
        <h2>
          <Breakable text={metric} /> <small>{[source, labels].filter(Boolean).join(' · ')}</small>
        </h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div class="columns">
        {shown.map(({ title, lines }) => (
          <div key={title}>
            <h2>
              <small>{title}</small>
            </h2>
            <Lines
              times={times}
              lines={lines}
              label={`${title} of ${metric} over time`}
              format={formatOf(history, lines[0]!.name, compact)}
              isWhole={title === 'Count'}
            />
          </div>
        ))}
      </div>
    </section>
  );
}
