import type { Measurer } from '../../../batch/measure-plan.ts';
import type { Engine } from '../engine.ts';
import type { Slot } from '../slot.ts';
import type { Partials } from './taken-partials.ts';

/** What the scanner's `measure` ended with: assembly/aggregation/measurements.ts. */
const NEEDS_NUMBER = 1;

/** Measures what is left to measure of the rows of one slot, by the engine that reads it. */
export class SlotMeasurer implements Measurer {
  private readonly engine: Engine;
  private readonly slot: Slot;
  private readonly partials: Partials;
  private readonly order: number;

  /** @param order of the slot's window among all that is measured */
  constructor(engine: Engine, slot: Slot, partials: Partials, order: number) {
    this.engine = engine;
    this.slot = slot;
    this.partials = partials;
    this.order = order;
  }

  measure(
    from: number,
    to: number,
    times: Float64Array,
    touched: Uint8Array,
    numberOf: (row: number, table: number) => number,
  ): void {
    const { slot, order } = this;
    const { exports } = this.engine;
    const aggregation = this.engine.aggregation!;
    this.partials.hold(aggregation);
    aggregation.times.set(times.subarray(from, to), from);
    const at = aggregation.times.byteOffset;
    let row = exports.measure(slot.address, from, to, at, Number.NaN, 0, order) >>> 0;
    while (row < to) {
      const isNumber = exports.measureEnded() === NEEDS_NUMBER;
      if (!isNumber) {
        aggregation.noteLackOfRoom();
        this.partials.drain('all');
        this.partials.hold(aggregation);
      }
      const given = isNumber ? numberOf(row, exports.measuredTable()) : Number.NaN;
      row = exports.measure(slot.address, row, to, at, given, isNumber ? 1 : 0, order) >>> 0;
    }
    touched.set(slot.touched.subarray(from, to), from);
  }
}
