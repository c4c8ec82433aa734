import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const CTRL_C = '\u0003';

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
  device.on('data', (keys: unknown) => {
    for (const key of String(keys)) {
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
