import { max } from 'd3-array';
import { type ScaleLogarithmic, scaleLog, scaleSqrt } from 'd3-scale';
import { useWidth } from '../use-width.ts';
import { XAxis, YAxis } from './axes.tsx';

const HEIGHT = 260;
const MARGIN = { top: 12, right: 14, bottom: 40, left: 56 };
/** Dots beyond are the smallest and would only blacken the others. */
const MOST_DOTS = 2000;

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly title: string;
}

interface Props {
  readonly dots: readonly Dot[];
  readonly label: string;
  readonly xName: string;
  readonly xFormat: (value: number) => string;
  readonly yFormat: (value: number) => string;
  /** Values worth a line; by default steps of a logarithmic scale. */
  readonly yLevels?: readonly number[];
}

/** Dots on two logarithmic axes, their area by a third figure. */
export function Scatter({ dots, label, xName, xFormat, yFormat, yLevels }: Props) {
  const [place, width] = useWidth<SVGSVGElement>();
  const shown = [...dots].sort((a, b) => b.size - a.size).slice(0, MOST_DOTS);
  const x = scaleLog(spread(shown.map((dot) => dot.x)), [MARGIN.left, width - MARGIN.right]).clamp(true);
  const y = scaleLog(spread(shown.map((dot) => dot.y)), [HEIGHT - MARGIN.bottom, MARGIN.top]).clamp(true);
  const radius = scaleSqrt([0, max(shown, (dot) => dot.size) || 1], [2.5, 14]);
  return (
    <svg ref={place} height={HEIGHT} role="img" aria-label={label}>
      <YAxis
        levels={(yLevels?.filter((value) => y(value) === y.copy().clamp(false)(value)) ?? steps(y)).map(
          (value) => ({ y: y(value), text: yFormat(value) }),
        )}
        left={MARGIN.left}
        right={width - MARGIN.right}
      />
      {shown.map((dot) => (
        <circle key={dot.title} class="dot" cx={x(dot.x)} cy={y(dot.y)} r={radius(dot.size)}>
          <title>{dot.title}</title>
        </circle>
      ))}
      <XAxis
        ticks={steps(x)
          .map((value) => ({ x: x(value), text: xFormat(value) }))
          .filter(({ text }, k, all) => text !== all[k - 1]?.text)}
        width={width}
        y={HEIGHT - 22}
      />
      <text x={width - MARGIN.right} y={HEIGHT - 6} text-anchor="end">
        {xName}
      </text>
    </svg>
  );
}

/** Of a logarithmic axis: powers of ten, or 1, 2 and 5 of each where there are few. */
function steps(scale: ScaleLogarithmic<number, number>): number[] {
  const leading = (value: number): number => Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  const ticks = scale.ticks(10);
  const powers = ticks.filter((value) => leading(value) === 1);
  return powers.length > 2 ? powers : ticks.filter((value) => [1, 2, 5].includes(leading(value)));
}

/** A logarithmic axis begins above zero, and needs two ends. */
function spread(values: readonly number[]): [number, number] {
  const lowest = Math.max(0.5, Math.min(...values));
  const highest = Math.max(...values);
  if (values.length === 0 || highest <= lowest) return [lowest / 2 || 0.5, Math.max(1, lowest * 2 || 1)];
  return [lowest * 0.9, highest * 1.1];
}
