import { type Metric, metrics } from '../metrics.ts';
import { versionNote } from '../version-note.ts';
import type { Panel, Row } from './grafana-panel.ts';

const instruments = { counter: 'monotonic_counter', gauge: 'gauge', histogram: 'histogram' } as const;
const functions = { counter: 'sum_over_time', gauge: 'last_over_time', histogram: 'max_over_time' } as const;

function panelOf(metric: Metric): Panel {
  const { name, type, help, labels } = metric;
  const field = `fields_${instruments[type]}_${name}`;
  // one line per user id would be more lines than a graph can show
  const shown = type === 'counter' ? labels.filter((label) => label.name !== 'user_id') : [];
  const by = shown.map((label) => `fields_${label.name}`);
  const inner = `${functions[type]}($stream | json | ${field} != \`\` | unwrap ${field} [$__auto])`;
  return {
    title: help.replace(/\.$/, type === 'histogram' ? ', longest' : ''),
    kind: 'lines',
    width: 12,
    unit: name.endsWith('_seconds') || type === 'histogram' ? 's' : 'short',
    description: versionNote([metric]),
    queries: [
      {
        expr: type === 'counter' ? `sum by (${by.join(', ')}) (${inner})` : `${inner} by ()`,
        legend: by.map((label) => `{{${label}}}`).join(' / '),
      },
    ],
  };
}

/** What no functional record tells: metric-bearing records, by the catalogue's own names. */
export const measurementsRow: Row = {
  title: 'Metric-bearing records',
  panels: metrics.filter(({ origin }) => origin === 'measurement').map(panelOf),
};
