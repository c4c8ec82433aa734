import { type FileHandle, open } from 'node:fs/promises';
import type { Batch } from '../batch/batch.ts';
import { MirrormonError, systemReason } from '../errors.ts';

/** Rejected records, one a line: {"input","offset","length","reason","text"}. */
export class DeadLetters {
  private readonly path: string;
  private readonly tell: (message: string) => void;
  private file: FileHandle | undefined;
  /** Bytes of whole lines. */
  private size = 0;
  /** What ended the writing. */
  private failure: MirrormonError | undefined;

  /** @param tell told when no more is written */
  constructor(path: string, tell: (message: string) => void) {
    this.path = path;
    this.tell = tell;
  }

  /** @param position how far it had been written, of a run that goes on: it is cut back to that */
  async open(position?: number): Promise<void> {
    try {
      this.file = await open(this.path, position === undefined ? 'w' : 'a');
      if (position !== undefined) await this.cutBack(this.file, position);
      this.size = position ?? 0;
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `cannot write dead letters: ${systemReason(error)}`, {
        where: this.path,
        hint: 'name a file in a folder that exists and can be written',
        cause: error,
      });
    }
  }

  /**
   * How many bytes it has, which are on disk by then.
   * @throws what ended the writing: a run that goes on is to begin before that
   */
  async position(): Promise<number> {
    if (this.failure !== undefined) throw this.failure;
    await this.file!.datasync();
    return (await this.file!.stat()).size;
  }

  private async cutBack(file: FileHandle, position: number): Promise<void> {
    const { size } = await file.stat();
    if (size < position)
      throw new Error(`it is shorter than the ${position} bytes that --state goes on behind`);
    await file.truncate(position);
  }

  /** Those of a batch. Where they cannot be written the run goes on without: `close` throws what was wrong. */
  async write(batch: Batch): Promise<void> {
    if (this.file === undefined || this.failure !== undefined) return;
    const { input } = batch;
    const lines = batch.rejected.map(({ offset, length, reason, bytes }) => {
      const place = input.placeOf?.(offset) ?? { name: input.name, offset };
      // bytes that are no UTF-8 become U+FFFD: the offset leads to what they were
      const text = Buffer.from(bytes).toString();
      return JSON.stringify({ input: place.name, offset: place.offset, length, reason, text });
    });
    const text = Buffer.from(`${lines.join('\n')}\n`);
    try {
      await this.file.appendFile(text);
      this.size += text.length;
    } catch (error) {
      this.failure = new MirrormonError(
        'HANDLER_WRITE',
        `cannot write dead letters: ${systemReason(error)}`,
        {
          where: this.path,
          cause: error,
        },
      );
      this.tell(`${this.failure.describe()}; further ones are counted only`);
      // a line that was begun is no line
      await this.file.truncate(this.size).catch(() => {});
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    if (this.failure !== undefined) throw this.failure;
  }
}
