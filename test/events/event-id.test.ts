import t from 'tap';
import { eventId } from '../../lib/events/event-id.ts';

t.test('a UUID that depends on all that it is made of', (t) => {
  const ids = [
    eventId(1, 'file/0', 'ctrl', 1000),
    eventId(2, 'file/0', 'ctrl', 1000),
    eventId(1, 'file/1', 'ctrl', 1000),
    eventId(1, 'file/0', 'r1', 1000),
    eventId(1, 'file/0', 'ctrl', 2000),
  ];
  for (const id of ids) t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.equal(new Set(ids).size, ids.length);
  t.equal(eventId(1, 'file/0', 'ctrl', 1000), ids[0], 'and on nothing else');
  t.end();
});
