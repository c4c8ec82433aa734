import t from 'tap';
import { keysIn } from '../../../../lib/handlers/stdout/summary/keyboard.ts';

t.test('what terminals send is told by name, several keys at once too', async (t) => {
  t.same(keysIn('sq'), ['s', 'q']);
  t.same(keysIn('\x1b[A\x1b[Bj\x1bOA'), ['up', 'down', 'j', 'up']);
  t.same(keysIn('\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1bOF'), ['page up', 'page down', 'home', 'end', 'end']);
  t.same(keysIn('\t\x1b[Z\x1b'), ['tab', 'back tab', 'escape']);
  t.same(keysIn('\u0003é€😀'), ['\u0003', 'é', '€', '😀']);
});

t.test('a key that nobody named is one key, not the letters of its sequence', async (t) => {
  t.same(keysIn('\x1b[15;2~s'), ['\x1b[15;2~', 's'], 'no q or s within it is pressed');
});
