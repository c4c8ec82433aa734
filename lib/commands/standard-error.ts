import { printable } from '../text/printable.ts';
import { withoutCredentials } from '../text/secrets.ts';
import type { Io } from './io.ts';

/** Lines on standard error: errors always, warnings unless quiet, each text once. */
export class Messages {
  beforeEach: () => void = () => {};
  private readonly io: Io;
  private readonly quiet: boolean;
  private readonly said = new Set<string>();
  private held: string[] | undefined;

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

  /** While something else has the screen, messages wait. */
  hold(isHeld: boolean): void {
    const waiting = this.held ?? [];
    this.held = isHeld ? waiting : undefined;
    if (!isHeld) for (const text of waiting) this.put(text);
  }

  private write(line: string): void {
    if (this.said.has(line)) return;
    this.said.add(line);
    this.put(line);
  }

  private put(text: string): void {
    if (this.held !== undefined) {
      this.held.push(text);
      return;
    }
    this.beforeEach();
    this.io.stderr.write(`${printable(withoutCredentials(text.slice(0, -1)))}\n`);
  }
}
