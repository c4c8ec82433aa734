import { MirrormonError } from '../errors.ts';
import type { Input } from './batch.ts';

/** The part of a batch that counts who holds it; whoever makes it is the first. */
export abstract class HeldBatch {
  abstract readonly input: Input;
  private holders = 1;

  retain(): void {
    this.holders++;
  }

  release(): void {
    if (this.holders === 0) {
      throw new MirrormonError('PIPELINE_BROKEN', 'a batch was released more often than it was retained', {
        where: this.input.name,
        hint: 'this is a bug in mirrormon; please report it',
      });
    }
    if (--this.holders === 0) this.letGo();
  }

  /** Called once, when nobody holds it any more. */
  protected abstract letGo(): void;
}
