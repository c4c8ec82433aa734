import { mirrord } from './mirrord/index.ts';
import type { System } from './system.ts';
import { ziti } from './ziti/index.ts';

/** The monitored systems, in the order in which they tell their records: the one place that names them. */
export const systems: readonly System[] = [mirrord, ziti];
