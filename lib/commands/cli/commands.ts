import { completionCommandOf, dashboardsCommand, helpCommandOf, versionCommand } from './aid-commands.ts';
import { backfillCommand, mergeCommand, stateCommand } from './archive-commands.ts';
import { followCommand, runCommand } from './run-commands.ts';
import { auditCommand, reportCommand, usageCommand } from './session-commands.ts';
import type { CommandSpec } from './spec.ts';
import {
  benchCommand,
  checkCommand,
  explainCommand,
  generateCommand,
  testCommand,
} from './trial-commands.ts';

/** All that the program does, the default command first; help tells them in this order. */
export const commands: readonly CommandSpec[] = [
  runCommand,
  followCommand,
  usageCommand,
  auditCommand,
  reportCommand,
  mergeCommand,
  stateCommand,
  backfillCommand,
  checkCommand,
  explainCommand,
  testCommand,
  generateCommand,
  dashboardsCommand,
  benchCommand,
  completionCommandOf(() => commands),
  versionCommand,
  helpCommandOf(() => commands),
];
