/** A panel as we think of it; render.ts gives it Grafana's form. */
export interface Panel {
  readonly title: string;
  readonly kind: 'stat' | 'lines' | 'bars' | 'table' | 'heatmap' | 'logs';
  /** Of the grid's 24 columns. */
  readonly width: number;
  /** Grafana's name of the unit. */
  readonly unit?: string | undefined;
  readonly queries: readonly Query[];
  readonly description?: string | undefined;
  /** Bounds from which a stat has another colour; the first colour is below the first bound. */
  readonly thresholds?: readonly (readonly [from: number | null, color: string])[] | undefined;
  /** Of a table: labels in their order, and what heads them. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

export interface Query {
  readonly expr: string;
  /** Legend, or the heading of a table's value column. */
  readonly legend?: string | undefined;
  readonly unit?: string | undefined;
}

export interface Row {
  readonly title: string;
  readonly collapsed?: boolean | undefined;
  readonly panels: readonly Panel[];
}
