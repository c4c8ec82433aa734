/** 2024-04-01T00:00:00Z, behind any wall clock: generated logs begin there, so that they depend on nothing but their options. */
export const logStart = Date.UTC(2024, 3, 1);

/** Writes times as RFC 3339; the part down to the minute is kept while it lasts. */
export class TimeText {
  private minute = Number.NaN;
  private text = '';

  /** Six digits of fraction, as tracing writes them. `micros` are microseconds since the epoch. */
  micros(micros: number): string {
    return `${this.seconds(micros)}${String(1e6 + (micros % 1e6)).slice(1)}Z`;
  }

  /** Nanoseconds with trailing zeros cut, as Go writes them. */
  nanos(micros: number, nanos: number): string {
    const fraction = String(1e9 + (micros % 1e6) * 1000 + nanos).slice(1);
    return `${this.seconds(micros)}${fraction}`.replace(/\.?0+$/, '').concat('Z');
  }

  /** Up to the decimal point. */
  private seconds(micros: number): string {
    const minute = Math.floor(micros / 60e6);
    if (minute !== this.minute) {
      this.minute = minute;
      this.text = new Date(minute * 60_000).toISOString().slice(0, 17);
    }
    const second = Math.floor((micros - minute * 60e6) / 1e6);
    return `${this.text}${second < 10 ? '0' : ''}${second}.`;
  }
}
