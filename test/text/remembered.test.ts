import t from 'tap';
import { remembered } from '../../lib/text/remembered.ts';

t.test('what was made for a key is given again, and no more than so many are kept', async (t) => {
  const made: string[] = [];
  const of = remembered(
    2,
    (word: string) => word[0],
    (word) => {
      made.push(word);
      return word.toUpperCase();
    },
  );
  t.same(['ant', 'ape', 'bee', 'bug', 'ass'].map(of), ['ANT', 'ANT', 'BEE', 'BEE', 'ANT']);
  t.same(made, ['ant', 'bee'], 'once for each key');
  t.same(['cat', 'asp'].map(of), ['CAT', 'ASP']);
  t.same(made, ['ant', 'bee', 'cat', 'asp'], 'a third key makes all be forgotten');
});
