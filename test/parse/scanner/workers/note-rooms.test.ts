import t from 'tap';
import { NoteRooms } from '../../../../lib/parse/scanner/workers/note-rooms.ts';
import type { Reply } from '../../../../lib/parse/scanner/workers/worker-messages.ts';

const answerWith = (bytes: ArrayBuffer): Reply => ({ notes: { bytes } }) as Reply;

t.test('a worker has a buffer for each of its jobs, and they come back to be used again', async (t) => {
  const rooms = new NoteRooms();
  const [first, second] = [rooms.next(1)!, rooms.next(2)!];
  t.ok(first.byteLength > 0 && second !== first);
  t.equal(rooms.next(2), undefined, 'it has two');
  rooms.answered(answerWith(first));
  rooms.takeBack(first);
  t.equal(rooms.next(2), first);
});

t.test('notes that found no room in one come in a buffer of their own, which goes', async (t) => {
  const rooms = new NoteRooms();
  const room = rooms.next(1)!;
  const own = new ArrayBuffer(room.byteLength + 1);
  rooms.answered(answerWith(own));
  rooms.takeBack(own);
  t.equal(own.byteLength, 0);
  t.equal(rooms.next(1), undefined, 'the worker still has the one that it was given');
});

t.test('what nobody needs any more goes at the end', async (t) => {
  const rooms = new NoteRooms();
  const room = rooms.next(1)!;
  rooms.answered('skipped');
  rooms.answered(answerWith(room));
  rooms.takeBack(room);
  rooms.close();
  t.equal(room.byteLength, 0);
});
