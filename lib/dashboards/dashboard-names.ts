/** What can be printed, and what each is for. */
export const dashboardNames = {
  grafana: 'Grafana dashboard on Prometheus, which scrapes mirrormon',
  'grafana-loki': "Grafana dashboard on Loki, which holds the Operator's log",
  datadog: "Datadog dashboard on the Operator's log",
  kibana: 'Kibana saved objects (NDJSON): data view, tag and dashboard',
  'kibana-template': 'Elasticsearch index template for the fields that the Kibana dashboard groups by',
  'prometheus-rules': 'Prometheus alerts and recording rules (YAML)',
} as const;

export type DashboardName = keyof typeof dashboardNames;

export const isDashboardName = (word: string): word is DashboardName => Object.hasOwn(dashboardNames, word);
