import t from 'tap';
import { Wants } from '../../lib/batch/wants.ts';

t.test('who reads a column of some kinds, and who reads it of others, read it of both', async (t) => {
  const wants = new Wants();
  const field = wants.field('a', [['a']]);
  wants.reads({ what: 'ids', field }, [1, 2]);
  wants.reads({ what: 'keys', field }, [1]);
  wants.reads({ what: 'ids', field }, [2, 3]);
  const kindsOf = (what: string) => wants.readings.find((reading) => reading.what === what)!.kinds;
  t.same([wants.readings.length, kindsOf('ids'), kindsOf('keys')], [2, [1, 2, 3], [1]]);
  wants.reads({ what: 'ids', field });
  wants.reads({ what: 'ids', field }, [4]);
  t.same([wants.readings.length, kindsOf('ids')], [2, undefined]);
});
