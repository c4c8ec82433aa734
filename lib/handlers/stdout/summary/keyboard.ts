import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const CTRL_C = '\u0003';

/** What terminals send for keys that are no letters, by their names. */
const named: Readonly<Record<string, string>> = {
  '\t': 'tab',
  '\x1b': 'escape',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[5~': 'page up',
  '\x1b[6~': 'page down',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[Z': 'back tab',
};
const key = /\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Za-z]|./gsu;

/** The keys in what a terminal sent, letters as they are, others by their names. */
export function keysIn(sent: string): string[] {
  return (sent.match(key) ?? []).map((each) => named[each] ?? each);
}

/**
 * The keys of the terminal itself, since standard input is the log. Ctrl-C stays what it is. Where there is no terminal
 * device, there are no keys.
 * @returns what ends it
 */
export function readKeys(onKey: (key: string) => void): () => void {
  let device: ReadStream;
  try {
    device = new ReadStream(openSync('/dev/tty', 'r'));
    device.setRawMode(true);
  } catch {
    return () => {};
  }
  device.setEncoding('utf8');
  device.on('error', () => {});
  device.on('data', (sent: unknown) => {
    for (const key of keysIn(String(sent))) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else onKey(key);
    }
  });
  device.unref();
  return () => {
    device.setRawMode(false);
    device.destroy();
  };
}
