import type { Input } from '../../batch/batch.ts';
import { MirrormonError } from '../../errors.ts';
import { behindSource, behindTime } from '../../framings/prefix.ts';
import type { InputBytes } from '../../inputs/sources.ts';
import type { InputPlaces } from '../../state/input-places.ts';
import { NewLines } from './new-lines.ts';
import { Seam } from './seam.ts';

/**
 * What a pipe gives whose lines begin with kubectl's times, but for lines that a run before has read: the same log may come
 * again from its beginning, or from any time at which nothing is missing.
 * @throws {MirrormonError} USAGE where its first line has no time
 */
export async function* timedPipe(
  chunks: AsyncIterable<InputBytes>,
  places: InputPlaces,
): AsyncGenerator<InputBytes> {
  let pipe: TimedPipe | undefined;
  for await (const { input, bytes } of chunks) {
    pipe ??= new TimedPipe(input, places);
    yield* pipe.push(bytes);
  }
  if (pipe !== undefined) yield* pipe.end();
}

class TimedPipe {
  private readonly input: Input;
  private readonly places: InputPlaces;
  private readonly seam: Seam;
  private readonly session;
  private readonly lines: NewLines;
  /** The beginning of the first line, until its time can be told. */
  private first: Buffer | undefined = Buffer.alloc(0);

  constructor(input: Input, places: InputPlaces) {
    this.places = places;
    const before = places.before(input.name);
    const goesOn = before !== undefined && before.framing !== '' && before.offset > 0;
    this.input = goesOn ? { ...input, framing: before.framing, from: before.offset } : input;
    this.seam = new Seam(before?.more);
    this.session = this.seam.session();
    this.lines = new NewLines(this.session);
    this.seam.begin();
    const tell = () => {
      const consumed = places.consumed(this.input);
      const offset = (before?.offset ?? 0) + consumed;
      const { framing, name } = this.input;
      const time = this.seam.newest ?? Number.NaN;
      return [
        [name, { identity: 'kubectl', offset, framing, time, more: this.seam.state(consumed) }],
      ] as const;
    };
    places.onCheckpoint(tell);
  }

  *push(bytes: Uint8Array): Generator<InputBytes> {
    if (this.first !== undefined) this.look(bytes);
    for (const part of this.lines.push(bytes)) yield this.give(part);
  }

  /** The pipe has ended: its last line, if that had no LF. */
  *end(): Generator<InputBytes> {
    const { rest } = this.lines;
    if (rest.length > 0 && this.session.admit(rest)) yield this.give(rest);
    for (const part of this.lines.end()) yield this.give(part);
  }

  private give(bytes: Buffer): InputBytes {
    this.seam.measured(this.places.consumed(this.input));
    return { input: this.input, bytes };
  }

  private look(bytes: Uint8Array): void {
    this.first = Buffer.concat([this.first!, bytes]);
    const { first } = this;
    const end = first.indexOf('\n');
    if (end < 0 && first.length < 1 << 16) return;
    const line = first.subarray(0, end < 0 ? first.length : end);
    const start = behindSource(line, 0, line.length);
    if (behindTime(line, start, line.length) === start) {
      throw new MirrormonError(
        'USAGE',
        '--state does not hold how far this pipe was read: its lines have no times',
        {
          hint: "add --timestamps to 'kubectl logs', or name files",
        },
      );
    }
    this.first = undefined;
  }
}
