import type { Delivery, Ledger } from '../ledger.ts';
import type { Refused, Written } from './handler.ts';

/** What the ledger says of one handler: whatever was selected for it ends as delivered or dropped. */
export class Books {
  private readonly name: string;
  private readonly ledger: Ledger;

  constructor(name: string, ledger: Ledger) {
    this.name = name;
    this.ledger = ledger;
    ledger.handler(name);
  }

  /** @param report whether the picks are events made here, not records */
  select(report: boolean, count: number): void {
    this.account(report).selected += count;
  }

  /** Of `count` picks all are settled: delivered but for those that were refused. */
  settle(report: boolean, count: number, written: Written): void {
    const { bytes, refused } = typeof written === 'number' ? { bytes: written, refused: undefined } : written;
    this.deliver(report, count - (refused?.count ?? 0), bytes);
    if (refused !== undefined) this.drop(report, refused);
  }

  deliver(report: boolean, count: number, bytes: number): void {
    this.account(report).delivered += count;
    this.ledger.handler(this.name).bytes += bytes;
  }

  drop(report: boolean, { count, reason }: Refused): void {
    if (count === 0) return;
    this.account(report).dropped += count;
    this.ledger.drop(this.name, reason, count);
  }

  fail(): void {
    this.ledger.fail(this.name);
  }

  private account(report: boolean): Delivery {
    const { records, events } = this.ledger.handler(this.name);
    return report ? events : records;
  }
}
