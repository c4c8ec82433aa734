import type { PortUse } from './port-uses.ts';

/** A time in which a session had the requests of a port. */
export interface TakenSpan<U> {
  /** How it was taken. */
  readonly use: U;
  /** Milliseconds since the epoch; `to` is Infinity where the port was not given back. */
  readonly from: number;
  readonly to: number;
}

/**
 * When a session had which of its ports: a port is taken until it is given back, or is taken once more with another
 * filter. So one session never takes a port from itself, and holds what it gave back and took again.
 * @param uses by time, each as often as it was told, see `inTime` of PortUses
 * @returns each port's spans, ascending
 */
export function takenSpans<U extends PortUse>(uses: readonly U[]): TakenSpan<U>[] {
  const stolen = uses.filter(({ action }) => action === 'steal');
  if (stolen.length === 1 && uses.length === 1) return [spanFrom(stolen[0]!, stolen[0]!.first)];
  const ports = new Set(stolen.map(({ port }) => port));
  return Array.from(ports, (port) => spansOfPort(uses.filter((use) => use.port === port))).flat();
}

/** The ports that a session which goes on has taken and not given back. */
export function heldPorts(uses: readonly PortUse[]): string[] {
  return takenSpans(uses)
    .filter(({ to }) => to === Number.POSITIVE_INFINITY)
    .map(({ use }) => use.port);
}

function spansOfPort<U extends PortUse>(uses: readonly U[]): TakenSpan<U>[] {
  const spans: TakenSpan<U>[] = [];
  let open: TakenSpan<U> | undefined;
  const close = (to: number): void => {
    if (open !== undefined) spans.push({ ...open, to });
    open = undefined;
  };
  const told = momentsOf(uses);
  for (let from = 0, to = 0; from < told.length; from = to) {
    const { time } = told[from]!;
    while (to < told.length && told[to]!.time === time) to++;
    const moment = told.slice(from, to);
    const isReleased = moment.some(({ use }) => use.action === 'release');
    const steals = moment.filter(({ use }) => use.action === 'steal');
    // what was taken and given back in one moment is afterwards as it was before: records of one time have no order
    const goesOn = steals.length > 0 && (!isReleased || open !== undefined);
    if (isReleased) close(time);
    for (const { use } of steals) {
      if (open?.use.filter === use.filter) continue;
      close(time);
      open = spanFrom(use, time);
    }
    if (!goesOn) close(time);
  }
  close(Number.POSITIVE_INFINITY);
  return spans;
}

const spanFrom = <U>(use: U, from: number): TakenSpan<U> => ({ use, from, to: Number.POSITIVE_INFINITY });

interface Moment<U> {
  readonly time: number;
  readonly use: U;
}

/** Steals and releases by time; of uses that stand for many, the first and the last. */
function momentsOf<U extends PortUse>(uses: readonly U[]): Moment<U>[] {
  const moments: Moment<U>[] = [];
  let standsForMany = false;
  for (const use of uses) {
    if (use.action === 'mirror') continue;
    moments.push({ time: use.first, use });
    if (use.last === use.first) continue;
    moments.push({ time: use.last, use });
    standsForMany = true;
  }
  return standsForMany ? moments.sort((a, b) => a.time - b.time) : moments;
}
