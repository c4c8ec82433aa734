import { ABSENT } from '../../batch/symbols.ts';
import { encodeWtf8 } from '../../text/wtf8.ts';
import { FULL, UNKNOWN } from './abi.ts';
import { keyColumn, type Scanned } from './column-places.ts';
import type { MadeIds } from './prefilled-columns.ts';
import type { Usage } from './usage.ts';

/** The lists of keys of one field's objects. */
export class KeyListColumn {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly usage: Usage;
  private readonly made: MadeIds | undefined;
  /** Per row the id plus one, a worker's if it made them; 0 = not asked for yet. */
  private readonly ids: Uint32Array;

  constructor(batch: Scanned, field: number) {
    const { engine, slot, rows, made } = batch;
    this.batch = batch;
    this.field = field;
    this.usage = engine.usages.keys[field]!;
    this.usage.begin(rows);
    this.made = made?.keys[field];
    this.ids = this.made?.ids ?? slot.idColumn(keyColumn(field)).ids.fill(0, 0, rows);
  }

  id(row: number): number {
    if (this.made !== undefined) {
      const { ours } = this.made;
      const theirs = this.ids[row]!;
      const known = ours[theirs]!;
      if (known !== 0) return known - 1;
      const id = this.makeId(row);
      ours[theirs] = id + 1;
      return id;
    }
    const known = this.ids[row]!;
    if (known !== 0) return known - 1;
    this.usage.count++;
    const id = this.makeId(row);
    this.ids[row] = id + 1;
    return id;
  }

  private makeId(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    const { exports } = engine;
    const id = exports.keyList(slot.address, row, this.field);
    if (id === ABSENT) return ABSENT;
    if (id !== UNKNOWN && dictionaries.attached) return id;
    const list = keyList(engine.bytes.toString('utf8', exports.keysFrom() >>> 0, exports.keysTo() >>> 0));
    if (dictionaries.attached) {
      const symbol = exports.symbolOfInbox(engine.send(encodeWtf8(list)));
      if (symbol !== FULL) {
        dictionaries.learnSymbols();
        exports.learnKeyList(symbol);
        return symbol;
      }
      dictionaries.detach();
    }
    return dictionaries.symbols.intern(list);
  }
}

/** Keys in the order of JavaScript's objects, where whole numbers come first. */
function keyList(json: string): string {
  let list = '';
  for (const key of Object.keys(JSON.parse(json))) list += `${key}\0`;
  return list;
}
