import type { Input } from '../batch/batch.ts';
import type { Framer, Frames, LineReader } from '../batch/framer.ts';

type TimeOf = NonNullable<Input['timeOf']>;

/** A framer whose made records have the time of their source where their wrapping says none. */
export function timedFramer(framer: Framer, { timeOf }: Input): Framer {
  if (timeOf === undefined) return framer;
  return {
    push: (chunk) => timed(framer.push(chunk), timeOf),
    end: (cut) => timed(framer.end(cut), timeOf),
    get waiting() {
      return framer.waiting ?? false;
    },
    get waitingFrom() {
      return framer.waitingFrom;
    },
    settle: () => timed(framer.settle?.() ?? [], timeOf),
  };
}

/** The same of what reads lines. */
export function timedReader(reader: LineReader, { timeOf }: Input): LineReader {
  if (timeOf === undefined) return reader;
  return {
    lines: (bytes, base) => timed(reader.lines(bytes, base), timeOf),
    settle: () => timed(reader.settle(), timeOf),
    get waiting() {
      return reader.waiting;
    },
    get waitingFrom() {
      return reader.waitingFrom;
    },
  };
}

function* timed(all: Iterable<Frames>, timeOf: TimeOf): Generator<Frames> {
  for (const frames of all) {
    const { origin } = frames;
    if (origin !== undefined) {
      origin.times.forEach((time, k) => {
        if (Number.isNaN(time)) origin.times[k] = timeOf(origin.offset[k]!);
      });
    }
    yield frames;
  }
}
