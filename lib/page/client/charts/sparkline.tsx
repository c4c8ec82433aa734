import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useWidth } from '../use-width.ts';

const HEIGHT = 34;

/** A trend without axes, of two values or more, beside the number that it explains. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const [place, width] = useWidth<SVGSVGElement>();
  const x = scaleLinear([0, values.length - 1], [0, width]);
  const y = scaleLinear([0, Math.max(1, ...values)], [HEIGHT - 1, 2]);
  const points = [...values];
  const at = (_: number, k: number): number => x(k);
  return (
    <svg ref={place} class="spark" height={HEIGHT} role="img" aria-label={label}>
      <path class="area" d={area<number>(at, HEIGHT, y)(points) ?? ''} />
      <path class="stroke" d={line<number>(at, y)(points) ?? ''} />
    </svg>
  );
}
