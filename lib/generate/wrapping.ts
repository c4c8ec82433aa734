import { TimeText } from './time-line.ts';

/** How a log lies in bytes: as the program wrote it, or as what collects the lines of containers wraps them. */
export const wrappings = ['ndjson', 'kubectl', 'cri', 'docker'] as const;

export type Wrapping = (typeof wrappings)[number];

/** Wraps lines, each with its line end. */
export class Wrapper {
  private readonly time = new TimeText();
  private readonly wrapping: Wrapping;

  constructor(wrapping: Wrapping) {
    this.wrapping = wrapping;
  }

  /** @param micros when the line was written, in microseconds since the epoch */
  wrap(line: string, micros: number): string {
    if (this.wrapping === 'ndjson') return line;
    const time = this.time.nanos(micros, 1);
    switch (this.wrapping) {
      case 'kubectl':
        return `${time} ${line}`;
      case 'cri':
        return `${time} stdout F ${line}`;
      case 'docker':
        return `{"log":${JSON.stringify(line)},"stream":"stdout","time":"${time}"}\n`;
    }
  }
}
