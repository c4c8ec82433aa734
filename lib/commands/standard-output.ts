import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/**
 * Has standard output write all of what it is given, or fail, where it is a file. Node writes once there, and does not ask
 * how much was taken: of the last write to a disk that is nearly full, the rest was gone without a word.
 */
export function writeWhole(stdout: Writable & { readonly fd: number; readonly _type?: string }): void {
  // terminals and pipes have streams of their own, which do ask
  if (stdout._type !== 'fs') return;
  stdout._write = (bytes: Buffer, _encoding, done) => {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(stdout.fd, bytes, at);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}
