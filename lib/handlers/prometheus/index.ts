import type { Server } from 'node:http';
import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { Histories } from '../../page/histories.ts';
import type { LivePage } from '../../page/live-page.ts';
import type { Handler, HandlerContext, Written } from '../handler.ts';
import { Unwritable, writtenBut } from '../unwritable.ts';
import { expose } from './exposed-family.ts';
import { EventStore } from './passed-events.ts';

/** An endpoint that Prometheus scrapes; `url` is where it listens once it is open. */
export interface PrometheusHandler extends Handler {
  readonly url: string | undefined;
}

class Prometheus implements PrometheusHandler {
  readonly name: string;
  readonly type = 'prometheus';
  url: string | undefined;
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly events: EventStore;
  private readonly unwritable: Unwritable;
  private readonly histories = new Histories();
  private server: Server | undefined;
  private stop: ((server: Server) => Promise<void>) | undefined;

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.unwritable = new Unwritable(config.name, context);
    const { maxSeries, expireAfter } = context.config.metrics;
    this.events = new EventStore({ maxSeries, expireAfter, now: context.now, warn: context.warn });
  }

  async open(): Promise<void> {
    const [{ createEndpoint }, { listen, stop }] = await Promise.all([
      import('./endpoint.ts'),
      import('./listen.ts'),
    ]);
    const { address, fallbackAddress, name } = this.config;
    const addresses = [address, fallbackAddress].filter((text) => text !== undefined);
    if (addresses.length === 0) {
      throw new MirrormonError('HANDLER_OPEN', `handler ${name} has no address to listen on`, {
        where: this.config.place,
        hint: 'set address, such as 0.0.0.0:9000',
      });
    }
    const { now, warn, note, readWebConfig, condition } = this.context;
    const { webConfig } = this.config;
    const server = await createEndpoint({
      page: await this.livePage(),
      families: () => this.families(),
      now,
      warn,
      webConfig,
      readWebConfig:
        readWebConfig ?? (() => Promise.reject(new Error('nothing reads web configurations here'))),
      condition: condition ?? (() => ({ faults: [], unready: [], waiting: [] })),
    });
    this.url = await listen(server, addresses, warn);
    this.server = server;
    this.stop = stop;
    // who let the system choose the port cannot know it otherwise
    note?.(`handler ${name} serves metrics at ${this.url}/metrics`);
  }

  /** The page of a run that keeps who used what. */
  private async livePage(): Promise<LivePage | undefined> {
    const { usage, ledger, config } = this.context;
    if (usage === undefined || ledger === undefined) return undefined;
    const page = await import('../../page/live-page.ts');
    const { histories } = this;
    const { sessionMaxAge } = config.metrics;
    const source = { title: page.TITLE, live: true, usage, histories, ledger, sessionMaxAge };
    return new page.LivePage(source, () => performance.now());
  }

  private *families() {
    for (const family of this.context.figures()) yield expose(family);
    yield* this.events.families();
  }

  /**
   * Keeps the last values of the events that came in, for what measured ones are read from the figures at each scrape;
   * and how both went, for the page.
   */
  write({ report, batch }: Flow, picks: Picks): Written {
    let lost = 0;
    for (let k = 0; k < picks.count; k++) {
      const { type } = this.config.subscriptions[picks.subscription[k]!] ?? {};
      const row = picks.row[k]!;
      if (type !== 'metrics') {
        this.context.warn(`handler ${this.name}: a prometheus endpoint exposes metrics, not ${type}`);
        continue;
      }
      try {
        const event = batch.object(row);
        this.histories.add(event, batch.time[row]!);
        if (!report) this.events.take(event, picks.keys[k]);
      } catch (error) {
        lost++;
        this.unwritable.tell(batch, row, error);
      }
    }
    return writtenBut(0, lost);
  }

  async close(): Promise<void> {
    if (this.server !== undefined) await this.stop?.(this.server);
    this.server = undefined;
    this.url = undefined;
  }
}

/** A prometheus handler: what was measured, and the last values of the metrics events that its subscriptions select. */
export function openPrometheus(config: HandlerConfig, context: HandlerContext): PrometheusHandler {
  return new Prometheus(config, context);
}
