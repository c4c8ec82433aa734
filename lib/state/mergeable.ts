import { MirrormonError } from '../errors.ts';
import { printable } from '../text/printable.ts';
import { differences } from './measuring.ts';
import type { StateFile } from './state-file.ts';

/** Settings that are named of those that differ. */
const MOST_NAMED = 3;

type Part = Pick<StateFile, 'path' | 'about'>;

/** Sees that partials add up: each a partial, of one configuration, and no input in two of them. */
export class Mergeable {
  private first: Part | undefined;
  private admitted = 0;
  /** By the head of an input, which partial has it and what it is called there. */
  private readonly heads = new Map<
    string,
    { readonly by: number; readonly path: string; readonly name: string }
  >();

  /** @throws {MirrormonError} STATE_UNUSABLE if the partial must not be merged with those before it */
  admit({ path, about }: Part): void {
    if (about.kind !== 'partial') {
      throw new MirrormonError('STATE_UNUSABLE', 'it is the state of a run that goes on, no partial', {
        where: path,
        hint: 'partials are written by --partial FILE',
      });
    }
    this.first ??= { path, about };
    const names = differences(this.first.about.measuring, about.measuring);
    if (names.length > 0) {
      const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
      throw new MirrormonError(
        'STATE_UNUSABLE',
        `it is of another configuration than ${this.first.path}: ${names.slice(0, MOST_NAMED).join(', ')}${more} ${names.length === 1 ? 'differs' : 'differ'}`,
        { where: path, hint: 'run both with the same configuration and options' },
      );
    }
    const by = ++this.admitted;
    for (const { name, head, bytes } of about.inputs) {
      // what nothing was read of adds nothing twice
      if (bytes === 0) continue;
      const other = this.heads.get(head);
      if (other !== undefined && other.by !== by) {
        throw new MirrormonError(
          'STATE_UNUSABLE',
          `its input ${printable(name)} is in ${other.path}, too${other.name === name ? '' : `, as ${printable(other.name)}`}: they begin alike`,
          { where: path, hint: 'merge every input once; leave one of these partials out' },
        );
      }
      this.heads.set(head, { by, path, name });
    }
  }
}
