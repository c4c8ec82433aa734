/** How far the log of a container was read, as the place of an input in a state. */

import type { InputPlace } from '../../state/input-places.ts';
import type { Container } from './pods.ts';

/** Which one of the containers of its name, one after the other, writes. */
export type Instance = Pick<Container, 'uid' | 'restarts'>;

export const isOneInstance = (a: Instance, b: Instance): boolean =>
  a.uid === b.uid && a.restarts === b.restarts;

export interface ContainerPlace {
  /** The last that something was read of, or nothing need be. */
  readonly instance: Instance | undefined;
  /** When it had nothing, on the clock of this machine; undefined if it was never seen so. */
  readonly emptyAt: number | undefined;
  /** All that it wrote. */
  readonly isRead: boolean;
  /** There was no such container any more. */
  readonly hasEnded: boolean;
  /** See Seam. */
  readonly seam: Uint8Array;
}

/** Numbers before the seam's. */
const OWN = 3;

export function inputPlaceOf(
  place: ContainerPlace & Pick<InputPlace, 'offset' | 'framing'> & { readonly time: number | undefined },
): InputPlace {
  const { instance, emptyAt, isRead, hasEnded, seam, offset, framing, time } = place;
  const own = Float64Array.of(emptyAt ?? Number.NaN, Number(isRead), Number(hasEnded));
  return {
    identity: instance === undefined ? '' : `${instance.uid} ${instance.restarts}`,
    ...{ offset, framing, time: time ?? Number.NaN },
    more: Buffer.concat([Buffer.from(own.buffer), seam]),
  };
}

export function containerPlaceOf({ identity, more }: InputPlace): ContainerPlace {
  const [emptyAt = Number.NaN, isRead, hasEnded] = new Float64Array(
    Uint8Array.from(more.subarray(0, 8 * OWN)).buffer,
  );
  const space = identity.lastIndexOf(' ');
  const uid = identity.slice(0, Math.max(0, space));
  return {
    instance: identity === '' ? undefined : { uid, restarts: Number(identity.slice(space + 1)) },
    emptyAt: Number.isNaN(emptyAt) ? undefined : emptyAt,
    isRead: isRead === 1,
    hasEnded: hasEnded === 1,
    seam: more.subarray(8 * OWN),
  };
}

/** Whether nothing of it was read, nor need it have been. */
export function isUnread(place: InputPlace): boolean {
  const { instance, emptyAt } = containerPlaceOf(place);
  return place.offset === 0 && instance === undefined && emptyAt === undefined;
}

/** The instances of a container, and behind how many bytes each began to be read. */
export class Instances {
  private readonly begun: { readonly instance: Instance; readonly from: number }[] = [];

  /** @param first that a run before has read */
  constructor(first: Instance | undefined) {
    if (first !== undefined) this.begun.push({ instance: first, from: Number.NEGATIVE_INFINITY });
  }

  get last(): Instance | undefined {
    return this.begun.at(-1)?.instance;
  }

  /** Bytes are counted anew. */
  begin(): void {
    const { last } = this;
    this.begun.length = 0;
    if (last !== undefined) this.begun.push({ instance: last, from: Number.NEGATIVE_INFINITY });
  }

  add(instance: Instance, from: number): void {
    const { last } = this;
    if (last?.uid === instance.uid && last.restarts === instance.restarts) return;
    this.begun.push({ instance, from });
  }

  /**
   * The last of which something is among so many bytes, or the one before all of them: whoever goes on reads what comes of it,
   * and the next one from its beginning.
   */
  at(bytes: number): Instance | undefined {
    let k = this.begun.length - 1;
    while (k > 0 && this.begun[k]!.from >= bytes) k--;
    const { instance, from } = this.begun[k] ?? {};
    return from !== undefined && from < bytes ? instance : undefined;
  }
}
