/** Where an event was written, behind its target: `src/session.rs:12: `, if the layout was told to show it. */
const location = /([^\s:]+\.rs):(\d{1,9}): /y;

export interface Location {
  readonly file?: string | undefined;
  readonly line?: string | undefined;
  /** Behind it, or where it was looked for. */
  readonly end: number;
}

export function readLocation(text: string, at: number): Location {
  location.lastIndex = at;
  const match = location.exec(text);
  return match === null ? { end: at } : { file: match[1], line: match[2], end: location.lastIndex };
}
