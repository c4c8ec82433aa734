import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './log.ts';

/** What is different in every session of a log; all else comes from a few. */
export const dimensions = ['users', 'targets', 'ports', 'sessions'] as const;

export type Dimension = (typeof dimensions)[number];

/** Of what is not the dimension. */
const FEW = 200;
const START = Date.UTC(2024, 3, 1);
const CHUNK = 1 << 20;
/** See `session`. */
export const RECORDS_OF_A_SESSION = 3;
/** Milliseconds between two sessions: hours of a log, as distinct values come over time. */
const GAP = 100;

/** A log of so many sessions, each with one value of the dimension that no other has; made once. */
export function distinctLog(dimension: Dimension, values: number): string {
  const file = join(folder, `distinct-${dimension}-${values}.log`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const fd = openSync(unfinished, 'w');
  let chunk = '';
  for (let value = 0; value < values; value++) {
    chunk += session(dimension, value);
    if (chunk.length < CHUNK) continue;
    writeSync(fd, chunk);
    chunk = '';
  }
  writeSync(fd, chunk);
  closeSync(fd);
  renameSync(unfinished, file);
  return file;
}

/** Start, port and end of a session. */
function session(dimension: Dimension, value: number): string {
  const of = (one: Dimension): number => (one === dimension ? value : value % FEW);
  const user = of('users');
  const target = of('targets');
  const fields = {
    target: `deployment/shop-${target}`,
    target_type: 'deployment',
    target_name: `shop-${target}`,
    target_namespace: `team-${target % 7}`,
    client_hostname: `mac-${user}.local`,
    client_name: `Some Body${user}`,
    client_user: `user${user}@corp.example`,
    client_id: (0x1000_0000 + user).toString(16).padEnd(40, '5'),
    client_cli_version: '3.171.2',
    session_id: (0x1000_0000_0000 + value).toString(16).padEnd(16, '7'),
  };
  const at = START + value * GAP;
  const seconds = 60 + (value % 3600);
  const record = (time: number, message: string, more: object = {}): string =>
    `${JSON.stringify({
      timestamp: new Date(time).toISOString(),
      level: 'INFO',
      fields: { message, ...fields, ...more },
      target: 'operator_session::session',
    })}\n`;
  return (
    record(at, 'Session Start') +
    record(at + 10, 'Port Steal', { port: 1 + of('ports') }) +
    record(at + 20, 'Session End', { session_duration: seconds })
  );
}
