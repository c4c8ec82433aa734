import t from 'tap';
import { logRecord, usageOf } from './support.ts';

t.test(
  'whose a session is stays unread in what came between where its start or end has said it',
  async (t) => {
    const at = (message: string, seconds: number, who: string, id = 'a') =>
      logRecord(message, seconds, { session_id: id, client_id: who, target: `pod/${who}`, port: 80 });
    const known = (...records: ReturnType<typeof at>[]): number => usageOf(records).sessions.clients.length;
    const [start, end] = [at('Session Start', 0, 'A'), at('Session End', 9, 'B')];
    t.equal(known(start, at('Port Steal', 5, 'C')), 1, 'of the start alone');
    t.equal(known(end, at('Port Steal', 5, 'C')), 1, 'of the end alone');
    t.equal(known(at('Port Steal', 5, 'C'), end, start), 3, 'each was the best so far');
    t.equal(known(start, end, at('Session End', 12, 'D')), 3, 'an end without a start tells whose it is');
  },
);
