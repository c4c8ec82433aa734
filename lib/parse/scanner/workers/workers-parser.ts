import type { Batch } from '../../../batch/batch.ts';
import type { Parser, Rest } from '../../parser.ts';
import type { ScannerAlone } from '../scanner-alone.ts';
import type { Workshop } from './delivery.ts';
import { readFile } from './file-ranges.ts';
import { readStream } from './read-stream.ts';

/** The scanner's parser with workers for large inputs: chunks are read on the main thread, the rest by workers. */
export class WorkersParser implements Parser {
  private readonly shop: Workshop;
  /** Reads what no worker is to. */
  private readonly alone: ScannerAlone;
  private readonly onWorkers: () => void;

  /** @param onWorkers called when workers take over */
  constructor(shop: Workshop, alone: ScannerAlone, onWorkers: () => void) {
    this.shop = shop;
    this.alone = alone;
    this.onWorkers = onWorkers;
  }

  push(chunk: Uint8Array): Iterable<Batch> {
    return this.alone.push(chunk);
  }

  get waiting(): boolean {
    return this.shop.here.waiting;
  }

  get waitingFrom(): number | undefined {
    return this.shop.here.waitingFrom;
  }

  settle(): Iterable<Batch> {
    return this.shop.here.settle();
  }

  end(cut?: boolean): Iterable<Batch> {
    return this.shop.here.end(cut);
  }

  rest(rest: Rest): AsyncIterable<Batch> {
    const { file } = rest;
    if (rest.isCrowded === true) return this.alone.rest(rest);
    this.onWorkers();
    return file === undefined ? readStream(this.shop, rest.bytes()) : readFile(this.shop, rest, file);
  }
}
