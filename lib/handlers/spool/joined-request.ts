import { MirrormonError } from '../../errors.ts';
import type { Joining, Parcel, ParcelHandler, Written } from '../handler.ts';
import type { Grasp, Waiting } from './spool.ts';

/** One parcel: what is begun with, and gone back to after a failure. */
export const alone: Grasp = { count: 1, bytes: 0 };

/** Twice as much, up to what the handler joins. */
export function larger({ count }: Grasp, joining: Joining | undefined): Grasp {
  return joining === undefined ? alone : { count: Math.min(2 * count, joining.count), bytes: joining.bytes };
}

/** Parcels on their way as one; what a peer does not take together goes one by one, so that each stands for itself. */
export class JoinedRequest {
  /** Those that the last try was of. */
  parcels: readonly Waiting[];
  hasFailed = false;
  private readonly handler: ParcelHandler;
  private readonly isRetried: boolean;

  /** @param isRetried whether what fails for now is sent once more later */
  constructor(handler: ParcelHandler, parcels: readonly Waiting[], isRetried: boolean) {
    this.handler = handler;
    this.parcels = parcels;
    this.isRetried = isRetried;
  }

  async send(): Promise<Written> {
    const { parcels, handler } = this;
    try {
      return await handler.deliver(joined(parcels, handler.joining));
    } catch (error) {
      this.hasFailed = true;
      if (parcels.length === 1) throw error;
      this.parcels = parcels.slice(0, 1);
      // it is away: the first alone is tried once that is over
      if (this.isRetried && error instanceof MirrormonError && error.canRetry) throw error;
      return handler.deliver(parcels[0]!);
    }
  }
}

function joined(parcels: readonly Waiting[], joining: Joining | undefined): Parcel {
  const [first] = parcels;
  if (parcels.length === 1 || joining === undefined) return first!;
  return {
    body: joining.join(parcels.map(({ body }) => body)),
    count: parcels.reduce((sum, { count }) => sum + count, 0),
    bytes: parcels.reduce((sum, { bytes }) => sum + bytes, 0),
    refused: [],
  };
}
