import type { Flow, Picks } from '../batch/batch.ts';
import type { HandlerConfig } from '../config.ts';
import { encodePicks } from '../handlers/encode/index.ts';
import type { Handler, HandlerContext, Written } from '../handlers/handler.ts';
import { type KeyOf, keyFor } from '../handlers/kafka/record-key.ts';
import type { Message } from './transactions.ts';

/** A kafka handler of who reduces: what it is given becomes a part of the transaction that keeps the state. */
export class CommittedReports implements Handler {
  readonly name: string;
  readonly type = 'kafka';
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly keyOf: KeyOf;
  private readonly add: (message: Message) => void;

  constructor(config: HandlerConfig, context: HandlerContext, add: (message: Message) => void) {
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.keyOf = keyFor(config.key ?? 'none');
    this.add = add;
  }

  async open(): Promise<void> {}

  write(flow: Flow, picks: Picks): Written {
    const { bytes, ends } = encodePicks(flow, picks, this.config, this.context);
    const { topic = '' } = this.config;
    let start = 0;
    for (let pick = 0; pick < picks.count; pick++) {
      const key = this.keyOf?.(flow, picks.row[pick]!);
      // without the newline
      this.add({ topic, value: Buffer.from(bytes.subarray(start, ends[pick]! - 1)), ...(key && { key }) });
      start = ends[pick]!;
    }
    return bytes.length;
  }

  async close(): Promise<void> {}
}
