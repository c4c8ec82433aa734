/** Ticks are thinned to the width that their texts need, and the last one ends at the chart's end: nothing collides. */

/** Pixels of a character of the axes' font, generously. */
const CHARACTER = 7;

export interface Tick {
  /** Pixels from the left. */
  readonly x: number;
  readonly text: string;
}

/** Those of the ticks, in ascending order, whose texts do not touch the one before. */
export function thinned(ticks: readonly Tick[], width: number): Tick[] {
  const kept: Tick[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of ticks) {
    const half = (tick.text.length * CHARACTER) / 2;
    const x = Math.min(Math.max(tick.x, half), width - half);
    if (x - half < free) continue;
    kept.push({ x, text: tick.text });
    free = x + half + CHARACTER;
  }
  return kept;
}

export function XAxis({ ticks, width, y }: { ticks: readonly Tick[]; width: number; y: number }) {
  return (
    <g>
      {thinned(ticks, width).map(({ x, text }) => (
        <text key={text + x} x={x} y={y} text-anchor="middle">
          {text}
        </text>
      ))}
    </g>
  );
}

export interface Level {
  /** Pixels from the top. */
  readonly y: number;
  readonly text: string;
}

export function YAxis({ levels, left, right }: { levels: readonly Level[]; left: number; right: number }) {
  return (
    <g>
      {levels.map(({ y, text }) => (
        <g key={y}>
          <line class="grid" x1={left} x2={right} y1={y} y2={y} />
          <text x={left - 6} y={y + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
    </g>
  );
}
