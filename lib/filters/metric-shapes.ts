import type { Symbols } from '../batch/symbols.ts';
import { ByteTable, NO, UNKNOWN, YES } from './byte-table.ts';

const FIRST_SHAPES = 256;

/**
 * The shapes of metrics events in one dictionary: all that a metric filter looks at, as one number. That is the metric,
 * the list of its keys, and whether it is a gauge. Numbers count from 1. There are few of them however long the input.
 */
export class Shapes {
  readonly symbols: Symbols;
  private readonly isGauge = new ByteTable();
  /** By the id of a metric its first shape; 0 = none yet. Each shape leads to the next of its metric. */
  private heads = new Uint32Array(FIRST_SHAPES);
  private next = new Uint32Array(FIRST_SHAPES);
  private metrics = new Uint32Array(FIRST_SHAPES);
  private lists = new Uint32Array(FIRST_SHAPES);
  private gauges = new Uint8Array(FIRST_SHAPES);
  private count = 1;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  /** By the ids of a metric, of its type and of the list of its keys. */
  of(metric: number, type: number, list: number): number {
    const gauge = this.gauge(type);
    if (metric >= this.heads.length) this.heads = grown(this.heads, metric);
    let shape = this.heads[metric]!;
    while (shape !== 0 && (this.lists[shape] !== list || this.gauges[shape] !== gauge))
      shape = this.next[shape]!;
    return shape === 0 ? this.add(metric, list, gauge) : shape;
  }

  metricOf(shape: number): string {
    return this.symbols.text(this.metrics[shape]!);
  }

  keysOf(shape: number): string[] {
    return this.symbols.text(this.lists[shape]!).split('\u0000').slice(0, -1);
  }

  /** Gauges have a single value, and the controller matches them without its key. */
  isSingle(shape: number): boolean {
    return this.gauges[shape] === YES;
  }

  private gauge(type: number): number {
    let known = this.isGauge.get(type);
    if (known === UNKNOWN) {
      const text = this.symbols.text(type);
      known = text === 'intValue' || text === 'floatValue' ? YES : NO;
      this.isGauge.set(type, known);
    }
    return known;
  }

  private add(metric: number, list: number, gauge: number): number {
    const shape = this.count++;
    if (shape >= this.next.length) {
      this.next = grown(this.next, shape);
      this.metrics = grown(this.metrics, shape);
      this.lists = grown(this.lists, shape);
      const gauges = new Uint8Array(this.next.length);
      gauges.set(this.gauges);
      this.gauges = gauges;
    }
    this.metrics[shape] = metric;
    this.lists[shape] = list;
    this.gauges[shape] = gauge;
    this.next[shape] = this.heads[metric]!;
    this.heads[metric] = shape;
    return shape;
  }
}

function grown(numbers: Uint32Array, index: number): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.max(index + 1, numbers.length * 2));
  more.set(numbers);
  return more;
}
