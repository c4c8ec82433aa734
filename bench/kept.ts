import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../lib/commands/bench/machine.ts';
import type { Latency } from './latency.ts';
import { folder } from './log.ts';
import type { Outcome } from './pairs.ts';
import type { StartUp } from './startup.ts';

/** What was measured on one machine, by as many runs as it took. */
export interface Figures {
  readonly machine: string;
  readonly outcomes: readonly Outcome[];
  readonly startUp?: StartUp | undefined;
  readonly latency?: Latency | undefined;
}

/** Beside the logs, so that it lives as long as they do. */
const file = join(folder, 'field.json');

/** The figures of earlier runs, each new one added as soon as it is there: a run that is killed loses only its last. */
export class Kept {
  private kept: Figures;

  /** @param fresh whether to begin anew; another machine or Node always does */
  constructor(fresh: boolean) {
    const empty: Figures = { machine: machine(), outcomes: [] };
    const earlier =
      !fresh && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : undefined;
    this.kept = earlier?.machine === empty.machine ? earlier : empty;
  }

  get figures(): Figures {
    return this.kept;
  }

  /** Renews the outcomes of the same tasks and programs, and leaves the others. */
  outcomes(added: readonly Outcome[]): void {
    const renewed = new Set(added.map(identity));
    const outcomes = [...this.kept.outcomes.filter((outcome) => !renewed.has(identity(outcome))), ...added];
    outcomes.sort((a, b) => a.records - b.records || compare(taskOf(a), taskOf(b)));
    this.add({ outcomes });
  }

  add(figures: Partial<Figures>): void {
    this.kept = { ...this.kept, ...figures };
    mkdirSync(folder, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(this.kept));
    renameSync(unfinished, file);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const taskOf = ({ workload, layout, records }: Outcome): string => `${workload} ${layout} ${records}`;
const identity = (outcome: Outcome): string => `${taskOf(outcome)} ${outcome.program.name}`;
