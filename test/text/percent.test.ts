import t from 'tap';
import { percentDecoded } from '../../lib/text/percent.ts';

t.test('escapes are read, and what is none stands', async (t) => {
  t.equal(percentDecoded('a%20b%2Cc%C3%A9'), 'a b,cé');
  t.equal(percentDecoded('100%'), '100%');
  t.equal(percentDecoded('%zz%20'), '%zz%20');
  t.equal(percentDecoded('%ff'), '%ff');
});
