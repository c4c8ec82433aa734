import { max } from 'd3-array';
import { count } from '../../format.ts';
import { useWidth } from '../use-width.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const LEFT = 34;
const ROW = 28;
const GAP = 2;
const BOTTOM = 22;

/** Sessions started by weekday and hour: the darker, the more. */
export function Week({ counts }: { counts: readonly (readonly number[])[] }) {
  const [place, width] = useWidth<SVGSVGElement>();
  const most = max(counts.flat()) ?? 0;
  const step = Math.max(0, width - LEFT) / 24;
  const height = 7 * ROW + BOTTOM;
  return (
    <svg ref={place} height={height} role="img" aria-label={busiest(counts)}>
      {counts.map((hours, day) => (
        <g key={weekdays[day]}>
          <text x={LEFT - 6} y={day * ROW + ROW / 2 + 4} text-anchor="end">
            {weekdays[day]}
          </text>
          {hours.map((value, hour) => (
            <rect
              key={hour}
              class={value === 0 ? 'heat-none' : 'heat'}
              x={LEFT + hour * step}
              y={day * ROW}
              width={Math.max(0, step - GAP)}
              height={ROW - GAP}
              rx={3}
              fill-opacity={value === 0 ? 1 : 0.15 + (0.85 * value) / most}
            >
              <title>{`${weekdays[day]} ${hour}:00 UTC: ${count(value)} sessions`}</title>
            </rect>
          ))}
        </g>
      ))}
      {[0, 6, 12, 18].map((hour) => (
        <text key={hour} x={LEFT + (hour + 0.5) * step} y={height - 5} text-anchor="middle">
          {hour}
        </text>
      ))}
    </svg>
  );
}

function busiest(counts: readonly (readonly number[])[]): string {
  let best = { day: 0, hour: 0, value: 0 };
  for (const [day, hours] of counts.entries()) {
    for (const [hour, value] of hours.entries()) if (value > best.value) best = { day, hour, value };
  }
  if (best.value === 0) return 'No sessions started in this range';
  return `Sessions started by weekday and hour; most on ${weekdays[best.day]} at ${best.hour}:00 UTC, ${count(best.value)}`;
}
