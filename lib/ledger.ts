import type { RejectionReason } from './errors.ts';
import { emptyKafkaAccount, type KafkaAccount } from './kafka/partition-account.ts';
import type { RoleAccount } from './kafka/role-account.ts';

export interface Delivery {
  selected: number;
  delivered: number;
  dropped: number;
}

export interface HandlerAccount {
  records: Delivery;
  events: Delivery;
  bytes: number;
}

export interface QueueDepth {
  readonly size: number;
  deepest: number;
}

/** What `--ledger` writes. */
export interface LedgerReport {
  read: { records: number; bytes: number };
  selected: number;
  filtered: number;
  other: number;
  measured: number;
  rejected: { total: number; reasons: Partial<Record<RejectionReason, number>> };
  dropped: { total: number; reasons: Record<string, number> };
  /** Values, and by metric and reason what each did not get: one value may be meant for several. */
  refused: { total: number; metrics: Record<string, Record<string, number>> };
  /** What is beyond the bounds; see Ledger.bounded. Only if there is anything. */
  bounded?: { measurements: number; labels: number; series: number };
  /** Records without a time, and those more than an hour ahead of the wall clock. */
  untimed: number;
  future: number;
  reports: number;
  events: { made: number; selected: number };
  queues: Record<string, QueueDepth>;
  handlers: Record<string, HandlerAccount>;
  /** By source_id; only if endpoints were scraped. */
  scrapes?: Record<string, Scrapes>;
  /** By topic/partition; only if Kafka was read. */
  kafka?: Record<string, KafkaAccount>;
  seconds: number;
}

export interface Scrapes {
  succeeded: number;
  failed: number;
}

/** Metrics that are told apart among those that refused values, and the name of the rest. */
const MOST_REFUSING = 256;
const OTHERS = 'overflow';

const delivery = (): Delivery => ({ selected: 0, delivered: 0, dropped: 0 });

/**
 * Where every record and every event went. Stages and queues write into it as they go; `mismatches` says at the end
 * whether the sums agree, and a sum that does not is a bug of ours.
 */
export class Ledger {
  readonly read = { records: 0, bytes: 0 };
  selected = 0;
  filtered = 0;
  /** Those that were not to count at all (--since, --until, --where); counted inside filtered. */
  outside = 0;
  /** Valid objects of no known kind; counted inside selected and filtered. */
  other = 0;
  /** Records that touched a series; counted inside selected and filtered. */
  measured = 0;
  readonly rejected = new Map<RejectionReason, number>();
  /** By handler, then reason. */
  readonly dropped = new Map<string, Map<string, number>>();
  reports = 0;
  /** Of the last report. */
  series = 0;
  readonly events = { made: 0, selected: 0 };
  readonly queues = new Map<string, QueueDepth>();
  readonly handlers = new Map<string, HandlerAccount>();
  /** Values that no series can take, and how many of them each metric was not given, by reason. */
  readonly refused = { total: 0, metrics: new Map<string, Map<string, number>>() };
  /** What was beyond the bounds; see metrics/bounds.ts. */
  readonly bounded = { measurements: 0, labels: 0, series: 0 };
  /** Records without a time of their own: they count at the time of those before them. */
  untimedRecords = 0;
  /** Records more than an hour ahead of the wall clock, which do not move the event clock. */
  futureRecords = 0;
  /** Sessions whose end never came. */
  sessionsGivenUp = 0;
  /** Failed writes by handler, retries included. */
  readonly failures = new Map<string, number>();
  /** By source_id of the endpoint. */
  readonly scrapes = new Map<string, Scrapes>();

  scraped(sourceId: string, succeeded: boolean): void {
    let scrapes = this.scrapes.get(sourceId);
    if (scrapes === undefined) {
      scrapes = { succeeded: 0, failed: 0 };
      this.scrapes.set(sourceId, scrapes);
    }
    scrapes[succeeded ? 'succeeded' : 'failed']++;
  }

  /** By role (map, reduce), of a process that shares a run by Kafka, whose pipelines come and go. */
  roles: ReadonlyMap<string, RoleAccount> = new Map();

  /** By topic/partition. */
  readonly kafka = new Map<string, KafkaAccount>();

  partition(topic: string, partition: number): KafkaAccount {
    const name = `${topic}/${partition}`;
    let account = this.kafka.get(name);
    if (account === undefined) {
      account = emptyKafkaAccount();
      this.kafka.set(name, account);
    }
    return account;
  }

  reject(reason: RejectionReason): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }

  /** @param again whether the same value was refused for another metric before */
  refuse(metric: string, reason: string, again = false): void {
    const { metrics } = this.refused;
    // records can name metrics themselves, without end
    const name = metrics.has(metric) || metrics.size < MOST_REFUSING ? metric : OTHERS;
    let reasons = metrics.get(name);
    if (reasons === undefined) {
      reasons = new Map();
      metrics.set(name, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (!again) this.refused.total++;
  }

  queue(name: string, size: number): QueueDepth {
    const depth = { size, deepest: 0 };
    this.queues.set(name, depth);
    return depth;
  }

  handler(name: string): HandlerAccount {
    let account = this.handlers.get(name);
    if (account === undefined) {
      account = { records: delivery(), events: delivery(), bytes: 0 };
      this.handlers.set(name, account);
    }
    return account;
  }

  drop(handler: string, reason: string, count: number): void {
    let reasons = this.dropped.get(handler);
    if (reasons === undefined) {
      reasons = new Map();
      this.dropped.set(handler, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }

  /** What a handler had taken, and could not bring to its end after all. */
  takeBack(handler: string, reason: string): void {
    const account = this.handler(handler);
    for (const delivery of [account.records, account.events]) {
      if (delivery.delivered > 0) this.drop(handler, reason, delivery.delivered);
      delivery.dropped += delivery.delivered;
      delivery.delivered = 0;
    }
    account.bytes = 0;
  }

  fail(handler: string): void {
    this.failures.set(handler, (this.failures.get(handler) ?? 0) + 1);
  }

  get rejectedTotal(): number {
    let total = 0;
    for (const count of this.rejected.values()) total += count;
    return total;
  }

  get droppedTotal(): number {
    let total = 0;
    for (const reasons of this.dropped.values()) for (const count of reasons.values()) total += count;
    return total;
  }

  /** What --strict does not forgive: records, events and values that came to nothing. */
  get lostTotal(): number {
    return this.rejectedTotal + this.droppedTotal + this.refused.total;
  }

  /** Every sum that does not agree, in words; empty at the end of a sound run. */
  mismatches(): string[] {
    const wrong: string[] = [];
    const accounted = this.selected + this.filtered + this.rejectedTotal;
    if (this.read.records !== accounted) {
      wrong.push(`${this.read.records} records were read, but ${accounted} are accounted for`);
    }
    for (const [name, account] of this.handlers) {
      for (const what of ['records', 'events'] as const) {
        const { selected, delivered, dropped } = account[what];
        if (delivered + dropped !== selected) {
          wrong.push(
            `${name}: ${selected} ${what} were selected, but ${delivered} delivered and ${dropped} dropped`,
          );
        }
      }
    }
    return wrong;
  }

  toReport(seconds: number): LedgerReport {
    const reasons: Record<string, number> = {};
    for (const byReason of this.dropped.values()) {
      for (const [reason, count] of byReason) reasons[reason] = (reasons[reason] ?? 0) + count;
    }
    return {
      read: { ...this.read },
      selected: this.selected,
      filtered: this.filtered,
      other: this.other,
      measured: this.measured,
      rejected: { total: this.rejectedTotal, reasons: Object.fromEntries(this.rejected) },
      dropped: { total: this.droppedTotal, reasons },
      refused: {
        total: this.refused.total,
        metrics: Object.fromEntries(
          Array.from(this.refused.metrics, ([metric, byReason]) => [metric, Object.fromEntries(byReason)]),
        ),
      },
      untimed: this.untimedRecords,
      future: this.futureRecords,
      reports: this.reports,
      events: { ...this.events },
      queues: Object.fromEntries(this.queues),
      handlers: Object.fromEntries(this.handlers),
      ...(Object.values(this.bounded).some((count) => count > 0) ? { bounded: { ...this.bounded } } : {}),
      ...(this.scrapes.size > 0 ? { scrapes: Object.fromEntries(this.scrapes) } : {}),
      ...(this.kafka.size > 0 ? { kafka: Object.fromEntries(this.kafka) } : {}),
      seconds,
    };
  }
}
