/**
 * The kinds of records: what classify writes for each row. `other` is any object that no system knows. Every system
 * (mirrord/, ziti/) adds its own while the pipeline is built; ids are dense, so tables per kind are arrays.
 */
export const OTHER = 0;

/**
 * How a record takes part in subscriptions: `logs` selects log records, `metrics` and event types select events, `spans`
 * what was pieced together from several records.
 */
export type Stream = 'none' | 'log' | 'event' | 'span';

export interface Kind {
  readonly id: number;
  readonly name: string;
  readonly stream: Stream;
}

export class Kinds {
  readonly all: Kind[] = [{ id: OTHER, name: 'other', stream: 'none' }];

  define(name: string, stream: Stream): Kind {
    const known = this.all.find((kind) => kind.name === name);
    if (known !== undefined) return known;
    if (this.all.length > 255) throw new RangeError('a batch keeps the kind of a record in one byte');
    const kind = { id: this.all.length, name, stream };
    this.all.push(kind);
    return kind;
  }

  byName(name: string): Kind | undefined {
    return this.all.find((kind) => kind.name === name);
  }
}
