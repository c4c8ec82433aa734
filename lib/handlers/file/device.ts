import { type FileHandle, open } from 'node:fs/promises';
import { AppendError, type EventFile } from './rolling.ts';

/** A device, or a descriptor of another program: written as it is, never rolled, renamed or cut. */
export class Device implements EventFile {
  readonly length = 0;
  readonly identity: string;
  readonly mode = undefined;
  private readonly file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.identity = path;
    this.file = file;
  }

  static async open(path: string): Promise<Device> {
    return new Device(path, await open(path, 'a'));
  }

  async append(bytes: Uint8Array): Promise<void> {
    let done = 0;
    try {
      while (done < bytes.length) done += (await this.file.write(bytes, done)).bytesWritten;
    } catch (cause) {
      throw new AppendError(0, cause);
    }
  }

  async isInPlace(): Promise<boolean> {
    return true;
  }

  async cutOff(): Promise<void> {}

  async roll(): Promise<void> {}

  async sync(): Promise<void> {}

  close(): Promise<void> {
    return this.file.close();
  }

  destroy(): void {
    this.file.close().catch(() => {});
  }
}
