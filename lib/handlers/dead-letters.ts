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

  async open(): Promise<void> {
    try {
      this.file = await open(this.path, 'w');
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `cannot write dead letters: ${systemReason(error)}`, {
        where: this.path,
        hint: 'name a file in a folder that exists and can be written',
        cause: error,
      });
    }
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
