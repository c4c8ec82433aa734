import t from 'tap';
import { assemble } from './assembled.ts';

const { exports } = await assemble(`
import { addNote, clearGathered, gatherNotes, keepText, openNoteTables, placeOf } from './aggregation/note-tables';
import { BEGAN, ENDED } from './aggregation/note-shelves';
export { clearGathered, gatherNotes };
openNoteTables(true, 0x9e3779b97f4a7c15);

/** A note of a session that has ended, with an id of so many bytes. */
export function note(hash: u64, length: usize): bool {
  if (!keepText(1024, length)) return false;
  const made = addNote(placeOf(hash), hash, length);
  if (made == 0) return false;
  store<f64>(made, 1, BEGAN);
  store<f64>(made, 2, ENDED);
  return true;
}
`);

/** How many notes are gathered of so many with such ids; 0 where that is not worth it. */
function gathered(count: number, length: number): number {
  for (let hash = 1; hash <= count; hash++) {
    if (exports.note!(BigInt(hash), length) === 0) return -1;
  }
  const head = exports.gatherNotes!(0);
  exports.gatherNotes!(1);
  exports.clearGathered!();
  return head === 0 ? 0 : count;
}

t.test('few notes are not worth being gathered, unless the texts of their ids need the room', async (t) => {
  t.equal(gathered(4000, 10), 0);
  t.equal(gathered(4096, 10), 4096);
  t.equal(gathered(2000, 1000), 2000, 'their texts fill nearly all of a shelf');
  t.equal(gathered(1500, 1000), 0);
});
