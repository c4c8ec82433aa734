import { Kinds } from '../batch/kinds.ts';
import { Wants } from '../batch/wants.ts';
import { mirrord } from './mirrord/index.ts';
import type { System } from './system.ts';
import { ziti } from './ziti/index.ts';

/** The monitored systems, in the order in which they tell their records: the one place that names them. */
export const systems: readonly System[] = [mirrord, ziti];

/** The kinds of records that can be measured and subscribed to, by name. */
export function kindNames(): string[] {
  const kinds = new Kinds();
  for (const system of systems) system.open(new Wants(), kinds);
  return kinds.all.filter(({ stream }) => stream === 'log' || stream === 'event').map(({ name }) => name);
}
