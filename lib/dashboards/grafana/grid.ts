import type { Panel, Row } from './grafana-panel.ts';

export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const WIDTH = 24;

const heights: Readonly<Record<Panel['kind'], number>> = {
  stat: 4,
  lines: 8,
  bars: 8,
  heatmap: 8,
  table: 9,
  logs: 10,
};

export interface PlacedRow {
  readonly row: Row;
  readonly at: GridPos;
  readonly panels: readonly { readonly panel: Panel; readonly at: GridPos }[];
}

/** Places panels from left to right, line after line; a line is as high as its highest panel. */
export function placed(rows: readonly Row[]): PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const at = { x: 0, y, w: WIDTH, h: 1 };
    let [x, top, high] = [0, y + 1, 0];
    const panels = row.panels.map((panel) => {
      if (x + panel.width > WIDTH) [x, top, high] = [0, top + high, 0];
      const place = { x, y: top, w: panel.width, h: heights[panel.kind] };
      x += panel.width;
      high = Math.max(high, place.h);
      return { panel, at: place };
    });
    // a collapsed row keeps its panels inside and takes one line itself
    y = row.collapsed === true ? y + 1 : top + high;
    return { row, at, panels };
  });
}
