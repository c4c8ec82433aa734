import { OPEN_BRACE } from '../../text/json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A line that is one JSON object; undefined for any other. */
export function objectOf(line: Buffer): JsonObject | undefined {
  if (line[0] !== OPEN_BRACE) return undefined;
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string';
