import type { LiveTerminal, Terminal } from '../handlers/stdout/terminal.ts';
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

/** Whether the screen can be redrawn in place. */
function canRedraw({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && env.TERM !== 'dumb';
}

/**
 * Standard output as a terminal. Its width is asked for each time: it can be resized.
 * @param live of a run that goes on, unless the terminal's keyboard is read as a log
 */
export function terminalOf(io: Io, options: ColorOption, live?: LiveTerminal): Terminal {
  return {
    isTTY: io.stdout.isTTY === true,
    get columns() {
      refreshSize(io);
      return io.stdout.columns || undefined;
    },
    get rows() {
      refreshSize(io);
      return io.stdout.rows || undefined;
    },
    live: canRedraw(io) ? live : undefined,
    isWatched: live !== undefined && io.stdout.isTTY === true && io.env.TERM === 'dumb',
    color: isColored(io, options),
  };
}

/**
 * Node learns of a new size by SIGWINCH, which only the foreground processes of the terminal's own session get: not one
 * that another program started on it, as a wrapper or a supervisor does.
 */
function refreshSize({ stdout }: Io): void {
  stdout._refreshSize?.();
}

/** How an answer looks that is written once. */
export function lookOf(io: Io, options: ColorOption): { width: number | undefined; paint: Paint } {
  return { width: io.stdout.columns || undefined, paint: paintOf(isColored(io, options)) };
}
