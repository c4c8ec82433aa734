import type { Terminal } from '../handlers/stdout/index.ts';
import { type Paint, paintOf } from '../text/paint.ts';
import type { Io } from './io.ts';

interface ColorOption {
  readonly color?: boolean | undefined;
}

/** Whether standard output is coloured: as asked, else on a terminal that can, unless NO_COLOR is set. */
function isColored(io: Io, { color }: ColorOption): boolean {
  const { NO_COLOR, TERM } = io.env;
  return color ?? (io.stdout.isTTY === true && (NO_COLOR ?? '') === '' && TERM !== 'dumb');
}

/** Standard output as a terminal. Its width is asked for each time: it can be resized. */
export function terminalOf(io: Io, options: ColorOption): Terminal {
  return {
    isTTY: io.stdout.isTTY === true,
    get columns() {
      return io.stdout.columns || undefined;
    },
    color: isColored(io, options),
  };
}

/** How an answer looks that is written once. */
export function lookOf(io: Io, options: ColorOption): { width: number | undefined; paint: Paint } {
  return { width: io.stdout.columns || undefined, paint: paintOf(isColored(io, options)) };
}
