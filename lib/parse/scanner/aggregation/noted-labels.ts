import { Buffer } from 'node:buffer';
import type { PlannedNotes } from '../../../batch/measure-plan.ts';
import { SessionNotes } from '../../../batch/session-notes.ts';
import { Tuples } from '../../../batch/symbols.ts';
import { spanTexts } from '../span-texts.ts';
import type { FreshLabels, TakenNotes } from './engine-notes.ts';

/** The labels of one set by the ids that an engine gave them. */
class LabelTable {
  readonly tuples = new Tuples();
  private readonly width: number;
  private readonly fresh: (FreshLabels & { readonly buffer: Buffer })[] = [];

  constructor(width: number) {
    this.width = width;
  }

  learn(labels: FreshLabels): void {
    const { buffer, byteOffset, byteLength } = labels.bytes;
    this.fresh.push({ ...labels, buffer: Buffer.from(buffer, byteOffset, byteLength) });
    this.tuples.learn(labels.from + labels.ends.length, (id) => this.texts(id));
  }

  private texts(id: number): readonly string[] {
    // those that came last are asked for
    const { from, ends, buffer } = this.fresh.findLast(({ from }) => from <= id)!;
    return spanTexts(buffer, id === from ? 0 : ends[id - from - 1]!, ends[id - from]!, this.width);
  }
}

/** Whoever is given what an engine noted, in its order, knows the labels that it was told of before. */
export class NotedLabels {
  private readonly widths: readonly number[];
  private tables: LabelTable[];

  constructor({ clients, targets, ports }: PlannedNotes) {
    this.widths = [clients, targets, ports].map(({ fields }) => fields.length);
    this.tables = this.anew();
  }

  notesOf({ bytes, counts, levels, oldest, labels, isAnew }: TakenNotes): SessionNotes {
    if (isAnew) this.tables = this.anew();
    for (const [set, fresh] of labels.entries()) if (fresh !== undefined) this.tables[set]!.learn(fresh);
    const [clients, targets, ports] = this.tables.map(({ tuples }) => tuples);
    return new SessionNotes(
      bytes,
      counts,
      { clients: clients!, targets: targets!, ports: ports! },
      { levels, oldest },
    );
  }

  private anew(): LabelTable[] {
    return this.widths.map((width) => new LabelTable(width));
  }
}
