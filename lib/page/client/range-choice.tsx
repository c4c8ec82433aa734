import { dayOf, dayText } from '../format.ts';
import { rangeText } from '../page-state.ts';
import type { DayRange } from '../view.ts';

const presets = ['7d', '30d', '90d', 'all'] as const;

interface Props {
  /** As the address says it. */
  readonly chosen: string;
  readonly range: DayRange;
  onChoose(range: string): void;
}

/** The last days, or any days: what is counted is what started in them, UTC. */
export function RangeChoice({ chosen, range, onChoose }: Props) {
  const day = (label: string, value: number, change: (day: number) => DayRange) => (
    <input
      type="date"
      aria-label={label}
      value={dayText(value)}
      onChange={(event) => {
        const next = dayOf(event.currentTarget.value);
        if (next !== undefined) onChoose(rangeText(change(next)));
      }}
    />
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this in all browsers
    <div class="group" role="group" aria-label="Range of days, UTC">
      {presets.map((preset) => (
        <button type="button" key={preset} aria-pressed={chosen === preset} onClick={() => onChoose(preset)}>
          {preset === 'all' ? 'All' : preset}
        </button>
      ))}
      {day('First day', range.from, (from) => ({ from, to: Math.max(from, range.to) }))}
      {day('Last day', range.to, (to) => ({ from: Math.min(range.from, to), to }))}
    </div>
  );
}
