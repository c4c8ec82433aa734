import type { Batch } from '../../../batch/batch.ts';
import type { Parser, Rest } from '../../parser.ts';
import type { Workshop } from './delivery.ts';
import { readFile } from './file-ranges.ts';
import { readStream } from './read-stream.ts';

/** The scanner's parser with workers for large inputs: chunks are read on the main thread, the rest by workers. */
export class WorkersParser implements Parser {
  private readonly shop: Workshop;

  constructor(shop: Workshop) {
    this.shop = shop;
  }

  push(chunk: Uint8Array): Iterable<Batch> {
    return this.shop.here.push(chunk);
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

  end(): Iterable<Batch> {
    return this.shop.here.end();
  }

  rest(rest: Rest): AsyncIterable<Batch> {
    const { file } = rest;
    return file === undefined ? readStream(this.shop, rest.bytes()) : readFile(this.shop, rest, file);
  }
}
