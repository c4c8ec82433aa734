import type { Program } from '../workloads.ts';
import { duckdb } from './duckdb.ts';
import { jq } from './jq.ts';
import { miller } from './miller.ts';
import { mtail } from './mtail.ts';
import { otelcol } from './otelcol.ts';

/** By name; each gives undefined where it is not installed. */
export const peers: Readonly<Record<string, () => Program | undefined>> = {
  duckdb,
  jq,
  mlr: miller,
  mtail,
  otelcol,
};
