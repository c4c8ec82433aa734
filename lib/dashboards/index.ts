import type { DashboardName } from './dashboard-names.ts';

const pretty = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The text to import. The same every time: everything in it comes from the catalogue. */
export async function dashboardText(name: DashboardName): Promise<string> {
  switch (name) {
    case 'grafana':
      return pretty((await import('./grafana/prometheus-dashboard.ts')).grafanaOnPrometheus());
    case 'grafana-loki':
      return pretty((await import('./grafana/loki-dashboard.ts')).grafanaOnLoki());
    case 'datadog':
      return pretty((await import('./datadog/datadog-dashboard.ts')).datadog());
    case 'kibana': {
      const objects = (await import('./kibana/saved-objects.ts')).kibanaObjects();
      return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    }
    case 'kibana-template':
      return pretty((await import('./kibana/index-template.ts')).kibanaTemplate());
    case 'prometheus-rules':
      return (await import('./prometheus/rule-file.ts')).prometheusRules();
  }
}
