import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import type { Format } from './negotiate.ts';

/**
 * prom-client holds the endpoint's own health. The measured series do not go through it: it renders a metric in one
 * synchronous run, which blocked the event loop for 350 to 410 ms with 100,000 series of four labels, where the slices
 * of exposition.ts block it for 22 ms at worst (Node 20, 2 cores), and it would keep a second copy of every series.
 * One registry per format, because prom-client takes `_total` off its counters' names for good when it renders them as
 * OpenMetrics.
 */
interface Book {
  readonly registry: Registry<RegistryContentType>;
  scraped(seconds: number): void;
  refused(): void;
  cutOff(): void;
}

function openBook(contentType: RegistryContentType, started: number, now: () => number): Book {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  const registers = [registry];
  const duration = new Histogram({
    name: 'mirrormon_scrape_duration_seconds',
    help: 'Time from the request to the last byte of an exposition.',
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 7.5],
    registers,
  });
  const refused = new Counter({
    name: 'mirrormon_scrapes_refused_total',
    help: 'Scrapes answered with 503 because too many were running.',
    registers,
  });
  const cutOff = new Counter({
    name: 'mirrormon_scrapes_cut_off_total',
    help: 'Scrapes broken off because the client did not take them in time.',
    registers,
  });
  new Gauge({
    name: 'mirrormon_process_resident_memory_bytes',
    help: 'Resident memory of mirrormon.',
    registers,
    collect() {
      try {
        this.set(process.memoryUsage.rss());
      } catch {
        // the system's answer is a file, of which too many may be open: what was last known stands
      }
    },
  });
  new Gauge({
    name: 'mirrormon_process_uptime_seconds',
    help: 'Time since the endpoint was opened.',
    registers,
    collect() {
      this.set((now() - started) / 1000);
    },
  });
  new Counter({
    name: 'mirrormon_process_cpu_seconds_total',
    help: 'CPU time that mirrormon has used, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  return {
    registry,
    scraped: (seconds) => duration.observe(seconds),
    refused: () => refused.inc(),
    cutOff: () => cutOff.inc(),
  };
}

export class Health {
  private readonly books: Readonly<Record<Format, Book>>;
  /** Names that no measured metric may take. */
  readonly names: readonly string[];

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    const started = now();
    this.books = {
      text: openBook(Registry.PROMETHEUS_CONTENT_TYPE, started, now),
      openmetrics: openBook(Registry.OPENMETRICS_CONTENT_TYPE, started, now),
    };
    this.names = this.books.text.registry
      .getMetricsAsArray()
      .flatMap(({ name }) => [
        name,
        name.replace(/_total$/, ''),
        `${name}_bucket`,
        `${name}_sum`,
        `${name}_count`,
      ]);
  }

  scraped(seconds: number): void {
    this.books.text.scraped(seconds);
    this.books.openmetrics.scraped(seconds);
  }

  refused(): void {
    this.books.text.refused();
    this.books.openmetrics.refused();
  }

  cutOff(): void {
    this.books.text.cutOff();
    this.books.openmetrics.cutOff();
  }

  /** Ends an exposition: OpenMetrics' `# EOF` included. */
  text(format: Format): Promise<string> {
    return this.books[format].registry.metrics();
  }

  contentType(format: Format): string {
    return this.books[format].registry.contentType;
  }
}
