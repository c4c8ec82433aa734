import type { RowList } from '../../batch/batch.ts';
import { ABSENT } from '../../batch/symbols.ts';
import { encodeWtf8 } from '../../text/wtf8.ts';
import { FULL, UNKNOWN } from './abi.ts';
import { listedIds, type Scanned } from './column-places.ts';
import type { MadeIds } from './made-ids.ts';

/** The lists of keys of one field's objects. */
export class KeyListColumn {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly made: MadeIds | undefined;

  constructor(batch: Scanned, field: number) {
    this.batch = batch;
    this.field = field;
    this.made = batch.made?.keys[field];
  }

  id(row: number): number {
    const known = this.made?.at(row) ?? 0;
    if (known !== 0) return known - 1;
    const id = this.makeId(row);
    this.made?.learn(row, id);
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    const { engine, slot, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(listedIds(engine.wants));
    if (this.made !== undefined || !dictionaries.attached) {
      for (let k = 0; k < rows.length; k++) ids[k] = this.id(rows[k]!);
    } else if (engine.exports.keyListsOfList(slot.address, engine.list(rows), this.field, address) > 0) {
      for (let k = 0; k < rows.length; k++) if (ids[k] === UNKNOWN >>> 0) ids[k] = this.makeId(rows[k]!);
    }
    return ids.subarray(0, rows.length);
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
