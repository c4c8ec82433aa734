import { printable } from '../text/printable.ts';
import { Labels } from '../usage/labels.ts';
import type { Sessions } from '../usage/session-store.ts';
import type { Target } from './snapshot.ts';

/** Numbers for things by what tells them apart, from 0, in the order in which they come. */
class Numbered<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<string, number>();

  number(key: string, make: () => T): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.all.length;
      this.numbers.set(key, number);
      this.all.push(make());
    }
    return number;
  }
}

/** The users and targets of the page, by the ids that usage has for them. What a browser is shown is harmless. */
export class Names {
  readonly users = new Numbered<string>();
  readonly targets = new Numbered<Target>();
  private readonly labels: Labels;
  /** By the ids of usage: many sessions have the same. */
  private readonly knownUsers: number[] = [];
  private readonly knownTargets: number[] = [];

  constructor(sessions: Sessions) {
    this.labels = new Labels(sessions);
  }

  user(client: number): number {
    this.knownUsers[client] ??= this.userOf(client);
    return this.knownUsers[client];
  }

  target(target: number): number {
    this.knownTargets[target] ??= this.targetOf(target);
    return this.knownTargets[target];
  }

  private userOf(client: number): number {
    const name = this.labels.user(client);
    return this.users.number(name, () => printable(name) || '(nobody)');
  }

  private targetOf(target: number): number {
    const name = this.labels.target(target);
    const namespace = this.labels.namespace(target);
    return this.targets.number(`${namespace}\0${name}`, () => ({
      name: printable(name) || '(nothing)',
      namespace: printable(namespace),
    }));
  }
}
