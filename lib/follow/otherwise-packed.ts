/** What rotation has packed beside a path in a form that is not unpacked here: nobody can tell what of it was read. */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { thousands } from '../text/thousands.ts';
import { keyOf, namesBeside } from './generation.ts';
import type { OnNotice } from './notices.ts';

/** Behind the path: a number or a date, and the form. */
const form = /^[.-]\d[\d_.:TZ+-]*\.(xz|bz2|lz4|Z|7z|zip|lzo|br)$/;
/** What packs a file may keep its time by the microsecond only. Nanoseconds. */
const TICK = 1_000n;

export class OtherwisePacked {
  private readonly path: string;
  private readonly onNotice: OnNotice;
  private known: ReadonlySet<string> = new Set();

  constructor(path: string, onNotice: OnNotice) {
    this.path = path;
    this.onNotice = onNotice;
  }

  /** What lies there now was there before all that will be followed. */
  async begin(): Promise<void> {
    this.known = new Set((await this.present()).map(({ key }) => key));
  }

  /**
   * Tells of those that were written to later than what was known then: it was never seen under its own name.
   * @param time when that was written to last, in nanoseconds since the epoch
   */
  async tellLaterThan(time: bigint): Promise<void> {
    const present = await this.present();
    const later = present.filter(({ key, changed }) => !this.known.has(key) && changed > time + TICK);
    this.known = new Set(present.map(({ key }) => key));
    const [first, ...others] = later;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : `, and ${thousands(others.length)} more like it`;
    this.onNotice(
      `${first.name}${more}: rotated away and packed before it was read, and ${first.form} is not unpacked here, so its records are missing; unpack it and read it by itself, and let rotation pack by gzip or zstd, or one rotation later (delaycompress)`,
      true,
    );
  }

  private async present() {
    const names = await namesBeside(this.path);
    const all = await Promise.all(
      names.map(async (name) => {
        const match = form.exec(basename(name).slice(basename(this.path).length));
        const stats = match && (await stat(name, { bigint: true }).catch(() => undefined));
        return stats ? [{ name, form: match[1]!, key: keyOf(stats), changed: stats.mtimeNs }] : [];
      }),
    );
    return all.flat();
  }
}
