import t from 'tap';
import { logRecord, usageOf } from './support.ts';

t.test('whose a session is stays unread where a better record has said it', async (t) => {
  const at = (message: string, seconds: number, who: string, id = 'a') =>
    logRecord(message, seconds, { session_id: id, client_id: who, target: `pod/${who}`, port: 80 });
  const known = (...records: ReturnType<typeof at>[]): number => usageOf(records).sessions.clients.length;
  const [start, end] = [at('Session Start', 0, 'A'), at('Session End', 9, 'B')];
  t.equal(known(start, end, at('Port Steal', 5, 'C')), 1, 'of the start alone');
  t.equal(known(at('Port Steal', 5, 'C'), end, start), 3, 'each was the best so far');
  t.equal(known(start, end, at('Session End', 12, 'D')), 1, 'one more end is of the same id');
  t.equal(known(start, end, end), 1, 'the same end once more is not');
  t.equal(known(at('Session End', 9, 'B', 'b'), start, end), 2, 'an end without a start');
});
