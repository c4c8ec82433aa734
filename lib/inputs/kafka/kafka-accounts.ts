import { emptyKafkaAccount, type KafkaAccount } from '../../kafka/partition-account.ts';
import type { SentAccount } from './thread-messages.ts';

/** The books of partitions as the reading thread keeps them; what has moved is told now and then. */
export class KafkaAccounts {
  private readonly all = new Map<string, Map<number, SentAccount>>();
  private readonly moved = new Set<SentAccount>();

  /** To be asked for anew for each entry. */
  of(topic: string, partition: number): KafkaAccount {
    let partitions = this.all.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      this.all.set(topic, partitions);
    }
    let one = partitions.get(partition);
    if (one === undefined) {
      one = { topic, partition, account: emptyKafkaAccount() };
      partitions.set(partition, one);
    }
    this.moved.add(one);
    return one.account;
  }

  /** Those that were asked for since the last call. */
  take(): readonly SentAccount[] {
    const moved = [...this.moved];
    this.moved.clear();
    return moved;
  }
}
