import { metricsIn } from '../metrics.ts';
import { versionNote } from '../version-note.ts';
import { furtherRow } from './further-row.ts';
import { dashboard } from './grafana-dashboard.ts';
import type { Row } from './grafana-panel.ts';
import { healthRow } from './health-row.ts';
import { operatorRows } from './operator-rows.ts';
import type { Json } from './render.ts';
import { variablesJson } from './variables.ts';
import { zitiRow } from './ziti-row.ts';

/** Adds to every panel's description which version of the Operator its metrics need. */
function withVersions(row: Row): Row {
  const panels = row.panels.map((panel) => {
    const note = versionNote(metricsIn(panel.queries.map(({ expr }) => expr)));
    const description = [panel.description ?? '', note].filter((text) => text !== '').join('\n');
    return { ...panel, description };
  });
  return { ...row, panels };
}

/** The Grafana dashboard on a Prometheus that scrapes mirrormon. */
export function grafanaOnPrometheus(): Json {
  const rows = [...operatorRows, healthRow];
  return dashboard({
    title: 'mirrord Operator (mirrormon, Prometheus)',
    uid: 'mirrormon-prometheus',
    description:
      'What mirrormon measures of a mirrord Operator, from a Prometheus that scrapes its endpoint.',
    source: 'prometheus',
    variables: variablesJson(),
    rows: [...rows, ...furtherRow(rows), zitiRow].map(withVersions),
    from: 'now-24h',
  });
}
