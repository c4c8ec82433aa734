import type { Metric } from '../metrics.ts';
import { metricOf } from '../metrics.ts';
import { heading, namespaceLabel, targetLabels } from '../target-labels.ts';
import type { Json } from './render.ts';

interface Variable {
  readonly name: string;
  readonly label: string;
  /** The series whose label is offered. */
  readonly series: string;
  readonly field: string;
  /** One value at a time, and no `All`. */
  readonly single?: boolean;
}

const variables: readonly Variable[] = [
  // One job at a time: the Operator's own endpoint, scraped beside ours, has the same names, and sums would count twice.
  { name: 'job', label: 'Job', series: 'mirrormon_records_read_total', field: 'job', single: true },
  { name: 'instance', label: 'Instance', series: 'mirrormon_records_read_total', field: 'instance' },
  { name: 'client_user', label: 'User', series: 'mirrord_sessions_create_total', field: 'client_user' },
  ...targetLabels.map((field) => ({
    name: field,
    label: heading(field),
    series: 'mirrormon_session_duration_seconds_count',
    field,
  })),
];

/** Labels that are called otherwise than the variable that selects by them. */
const aliases: Readonly<Record<string, string>> = { namespace: namespaceLabel, k8s_user: 'client_user' };

function matcher(label: string): string[] {
  const name = aliases[label] ?? label;
  if (variables.some((variable) => variable.name === name)) return [`${label}=~"$${name}"`];
  const byParts = ['target_type', 'target_name'].every((part) => targetLabels.includes(part));
  if (label === 'target' && byParts) return ['target=~"($target_type/)?$target_name(/.*)?"'];
  return [];
}

/** What the chosen values of the variables select of a metric's series. */
export function matchersOf({ labels }: Metric): string[] {
  return ['job', 'instance', ...labels.map(({ name }) => name)].flatMap(matcher);
}

/** As Grafana's import has them. */
export function variablesJson(): Json[] {
  return variables.map(({ name, label, series, field, single = false }) => {
    metricOf(series);
    const scope =
      name === 'job' ? '' : name === 'instance' ? '{job=~"$job"}' : '{job=~"$job",instance=~"$instance"}';
    const query = `label_values(${series}${scope}, ${field})`;
    return {
      type: 'query',
      name,
      label,
      datasource: { type: 'prometheus', uid: '$datasource' },
      definition: query,
      query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
      current: single ? {} : { selected: true, text: ['All'], value: ['$__all'] },
      hide: 0,
      includeAll: !single,
      // also series that lack the label, which a list of all values would leave out
      ...(single ? {} : { allValue: '.*' }),
      multi: !single,
      options: [],
      refresh: 2,
      regex: '',
      skipUrlSync: false,
      sort: 1,
    };
  });
}
