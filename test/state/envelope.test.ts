import t from 'tap';
import { MirrormonError } from '../../lib/errors.ts';
import { FORMAT, seal, unseal } from '../../lib/state/envelope.ts';

const sections = new Map([
  ['a', Buffer.from('first')],
  ['b', Buffer.alloc(5000, 7)],
  ['empty', Buffer.alloc(0)],
]);

async function refusal(bytes: Buffer): Promise<string> {
  try {
    await unseal(bytes, 'some.state');
  } catch (error) {
    if (error instanceof MirrormonError) return `${error.exitCode} ${error.code} ${error.describe()}`;
    throw error;
  }
  return 'none';
}

t.test('what was sealed is unsealed', async (t) => {
  const found = await unseal(await seal(sections), 'some.state');
  t.same([...found.keys()], ['a', 'b', 'empty']);
  t.equal(Buffer.from(found.get('a')!).toString(), 'first');
  t.same(Buffer.from(found.get('b')!), sections.get('b'));
});

t.test('a file that cannot be used says why, and what to do', async (t) => {
  const sealed = await seal(sections);
  const head = sealed.indexOf('\n') + 1;
  t.match(
    await refusal(Buffer.from('{"timestamp":"2024-04-01"}\n')),
    /^2 STATE_UNUSABLE some.state: this is no state/,
  );
  t.match(await refusal(Buffer.alloc(0)), /this is no state of mirrormon; --partial FILE/);
  t.match(await refusal(sealed.subarray(0, -3)), /damaged: 3 of \d+ bytes are missing at its end/);
  t.match(await refusal(sealed.subarray(0, head - 4)), /damaged: its first line/);
  t.match(await refusal(Buffer.concat([sealed, Buffer.from('x')])), /damaged: something follows/);
  const older = Buffer.from(
    sealed.toString('latin1').replace(`state ${FORMAT} `, `state ${FORMAT - 1} `),
    'latin1',
  );
  t.match(await refusal(older), /its format is 0, and this mirrormon reads and writes 1/);
});

t.test('any bit that is not what was written is told', async (t) => {
  const sealed = await seal(sections);
  const told: boolean[] = [];
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1 << (at % 8);
    told.push(/STATE_UNUSABLE/.test(await refusal(changed)));
  }
  t.same(new Set(told), new Set([true]));
});
