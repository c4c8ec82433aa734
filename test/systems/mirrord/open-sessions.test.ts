import fc from 'fast-check';
import t from 'tap';
import { OpenSessions } from '../../../lib/systems/mirrord/open-sessions.ts';
import { holds } from '../../helpers/holds.ts';

/** The same by a Map, which keeps its keys in the order in which they came. */
class Model {
  readonly sessions = new Map<string, number>();
  givenUp = 0;
  private readonly limit: number;
  private readonly maxAge: number;

  constructor(limit: number, maxAge: number) {
    this.limit = limit;
    this.maxAge = maxAge;
  }

  add(id: string, since: number): void {
    this.sessions.delete(id);
    this.sessions.set(id, since);
    if (this.sessions.size > this.limit) this.giveUpOldest();
  }

  /** Times are in order here, as they nearly are in a log. */
  expire(time: number): void {
    if (this.maxAge === 0) return;
    for (const since of this.sessions.values()) {
      if (since + this.maxAge >= time) return;
      this.giveUpOldest();
    }
  }

  private giveUpOldest(): void {
    for (const id of this.sessions.keys()) {
      this.sessions.delete(id);
      this.givenUp++;
      return;
    }
  }
}

t.test('it holds what a map would hold, however ids collide', (t) => {
  // few low halves, so that most sessions stand in one another's way
  const id = fc.tuple(fc.constantFrom(0, 1, 2, 127, 128, 4_294_967_295), fc.integer({ min: 1, max: 40 }));
  const step = fc.record({ id, what: fc.constantFrom('add', 'add', 'delete', 'expire'), later: fc.nat(30) });
  holds(
    t,
    fc.property(
      fc.array(step, { maxLength: 400 }),
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom(0, 50, 500),
      (steps, limit, maxAge) => {
        let givenUp = 0;
        const onGivenUp = () => {
          givenUp++;
        };
        const table = new OpenSessions({ limit, maxAge, onGivenUp });
        const model = new Model(limit, maxAge);
        let now = 0;
        for (const { id, what, later } of steps) {
          now += later;
          const [low, high] = id;
          if (what === 'add') {
            table.add(low, high, now);
            model.add(id.join(), now);
          } else if (what === 'delete') {
            if (table.delete(low, high) !== model.sessions.delete(id.join())) return false;
          } else {
            table.expire(now);
            model.expire(now);
          }
          if (table.size !== model.sessions.size || givenUp !== model.givenUp) return false;
        }
        // those that are left are the same ones
        for (const key of model.sessions.keys()) {
          const [low, high] = key.split(',').map(Number);
          if (!table.delete(low!, high!)) return false;
        }
        return table.size === 0;
      },
    ),
    { numRuns: 300 },
  );
  t.pass('300 runs');
  t.end();
});

t.test('a hundred thousand sessions', (t) => {
  const table = new OpenSessions({ limit: 100_000, maxAge: 0, onGivenUp: () => {} });
  const hash = (k: number) => [Math.imul(k, 0x9e3779b1) >>> 0, k] as const;
  for (let k = 0; k < 150_000; k++) table.add(...hash(k), k);
  t.equal(table.size, 100_000);
  t.notOk(table.delete(...hash(49_999)), 'the oldest are gone');
  for (let k = 50_000; k < 150_000; k++) if (!table.delete(...hash(k))) t.fail(`${k} is not there`);
  t.equal(table.size, 0);
  t.end();
});
