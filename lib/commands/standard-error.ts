import { withoutCredentials } from '../text/secrets.ts';
import type { Io } from './io.ts';

/** Lines on standard error: errors always, warnings unless quiet, each text once. */
export class Messages {
  beforeEach: () => void = () => {};
  private readonly io: Io;
  private readonly quiet: boolean;
  private readonly said = new Set<string>();

  constructor(io: Io, quiet: boolean) {
    this.io = io;
    this.quiet = quiet;
  }

  error(text: string): void {
    this.write(`mirrormon: ${text}\n`);
  }

  /** What is no warning, but worth knowing. */
  note(text: string): void {
    if (!this.quiet) this.write(`mirrormon: ${text}\n`);
  }

  warn(text: string): void {
    if (!this.quiet) this.write(`mirrormon: warning: ${text}\n`);
  }

  /** A warning of something that may happen again. */
  tell(text: string): void {
    if (!this.quiet) this.put(`mirrormon: warning: ${text}\n`);
  }

  private write(line: string): void {
    if (this.said.has(line)) return;
    this.said.add(line);
    this.put(line);
  }

  private put(text: string): void {
    this.beforeEach();
    this.io.stderr.write(withoutCredentials(text));
  }
}
