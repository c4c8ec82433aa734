import { type FileHandle, open } from 'node:fs/promises';
import type { Batch } from '../batch/batch.ts';
import { MirrormonError, systemReason } from '../errors.ts';

/** Rejected records, one a line: {"input","offset","length","reason","text"}. */
export class DeadLetters {
  private readonly path: string;
  private file: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** @param position how far it had been written, of a run that goes on: it is cut back to that */
  async open(position?: number): Promise<void> {
    try {
      this.file = await open(this.path, position === undefined ? 'w' : 'a');
      if (position !== undefined) await this.cutBack(this.file, position);
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `cannot write dead letters: ${systemReason(error)}`, {
        where: this.path,
        hint: 'name a file in a folder that exists and can be written',
        cause: error,
      });
    }
  }

  /** How many bytes it has, which are on disk by then. */
  async position(): Promise<number> {
    await this.file!.datasync();
    return (await this.file!.stat()).size;
  }

  private async cutBack(file: FileHandle, position: number): Promise<void> {
    const { size } = await file.stat();
    if (size < position)
      throw new Error(`it is shorter than the ${position} bytes that --state goes on behind`);
    await file.truncate(position);
  }

  async write(batch: Batch): Promise<void> {
    const { input } = batch;
    const lines = batch.rejected.map(({ offset, length, reason, bytes }) => {
      const place = input.placeOf?.(offset) ?? { name: input.name, offset };
      // bytes that are no UTF-8 become U+FFFD: the offset leads to what they were
      const text = Buffer.from(bytes).toString();
      return JSON.stringify({ input: place.name, offset: place.offset, length, reason, text });
    });
    try {
      await this.file?.appendFile(`${lines.join('\n')}\n`);
    } catch (error) {
      throw new MirrormonError('HANDLER_WRITE', `cannot write dead letters: ${systemReason(error)}`, {
        where: this.path,
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}
