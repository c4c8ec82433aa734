import { extent, max, min } from 'd3-array';
import { type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { tickTexts, timeText } from '../../format.ts';
import { useWidth } from '../use-width.ts';
import { type Tick, XAxis, YAxis } from './axes.tsx';

const HEIGHT = 240;
const MARGIN = { top: 12, right: 8, bottom: 26, left: 52 };

export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

interface Props {
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly label: string;
  readonly format: (value: number) => string;
  /** Of counts: there is nothing between two whole numbers. */
  readonly isWhole?: boolean;
}

function ticksOf(x: ScaleTime<number, number>, count: number): Tick[] {
  const times = x.ticks(count);
  const texts = tickTexts(times);
  return times.map((time, k) => ({ x: x(time), text: texts[k]! }));
}

/** Values over time; a single line is filled, several are told apart by colour and named above the chart. */
export function Lines({ times, lines, label, format, isWhole = false }: Props) {
  const [place, width] = useWidth<SVGSVGElement>();
  const [first = 0, last = 1] = extent(times);
  // a moment alone stands in the middle, as a dot
  const isMoment = first === last;
  const x = scaleUtc(isMoment ? [first - 1, last + 1] : [first, last], [MARGIN.left, width - MARGIN.right]);
  const known = lines.flatMap(({ values }) => values.filter((value): value is number => value !== null));
  const lowest = Math.min(0, min(known) ?? 0);
  const y = scaleLinear([lowest, (max(known) ?? 0) || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5);
  const at = (_: unknown, k: number): number => x(times[k]!);
  const isKnown = (value: number | null): value is number => value !== null;
  const levels = y.ticks(5).filter((value) => !isWhole || Number.isInteger(value));
  const ticks = isMoment ? [{ x: x(first), text: timeText(first) }] : ticksOf(x, Math.max(2, width / 90));
  return (
    <>
      {lines.length > 1 && (
        <div class="keys">
          {lines.map(({ name }, k) => (
            <span key={name}>
              <svg class="swatch" aria-hidden="true">
                <line class={`stroke series-${k % 8}`} x1="0" x2="100%" y1="50%" y2="50%" />
              </svg>
              {name}
            </span>
          ))}
        </div>
      )}
      <svg ref={place} height={HEIGHT} role="img" aria-label={label}>
        <YAxis
          levels={levels.map((value) => ({ y: y(value), text: format(value) }))}
          left={MARGIN.left}
          right={width - MARGIN.right}
        />
        {lines.length === 1 && (
          <path
            class="area"
            d={
              area<number | null>(at, y(0), (value) => y(value ?? 0)).defined(isKnown)(lines[0]!.values) ?? ''
            }
          />
        )}
        {lines.map(({ name, values }, k) => (
          <path
            key={name}
            class={`stroke series-${k % 8}`}
            d={line<number | null>(at, (value) => y(value ?? 0)).defined(isKnown)(values) ?? ''}
          />
        ))}
        {isMoment &&
          lines.flatMap(({ name, values }, k) =>
            values
              .filter(isKnown)
              .map((value) => (
                <circle key={name} class={`dot series-${k % 8}`} cx={x(first)} cy={y(value)} r="4" />
              )),
          )}
        <XAxis ticks={ticks} width={width} y={HEIGHT - 6} />
      </svg>
    </>
  );
}
