import t from 'tap';
import { ownLines, pieceOf } from '../../../../lib/parse/scanner/workers/own-lines.ts';
import { Dice } from '../random.ts';

const MAX_LINE = 40;

interface Found {
  readonly lines: string[];
  readonly unfinished: number[];
}

/** What all ranges of a file own, the way workers read them. */
function allRanges(file: Buffer, rangeBytes: number): Found {
  const found: Found = { lines: [], unfinished: [] };
  for (let start = 0; start < file.length; start += rangeBytes) {
    const stop = Math.min(start + rangeBytes, file.length);
    const window = Buffer.alloc(rangeBytes + MAX_LINE + 200);
    const order = { descriptor: -1, start, stop, limit: file.length, atLine: start === 0 };
    const own = ownLines(order, window, MAX_LINE, (place, length, offset) =>
      file.copy(window, place, offset, Math.min(offset + length, file.length)),
    );
    const text = window.toString('latin1', own.begin, own.end);
    if (text !== '') found.lines.push(...text.slice(0, -1).split('\n'));
    if (own.unfinished) found.unfinished.push(own.base + own.end);
  }
  return found;
}

t.test('every line belongs to one range, whatever the ranges', async (t) => {
  const dice = new Dice(1);
  for (let round = 0; round < 300; round++) {
    const lines = dice.list(12, () => 'x'.repeat(dice.below(MAX_LINE)));
    const last = dice.chance(0.5) ? '' : 'the last one has no end'.slice(0, 1 + dice.below(20));
    const file = Buffer.from(lines.map((line) => `${line}\n`).join('') + last);
    const { lines: found, unfinished } = allRanges(file, 1 + dice.below(100));
    t.same(found, lines);
    t.same(unfinished, last === '' ? [] : [file.length - last.length], 'where the last line begins');
  }
});

t.test('a line that is too long is left to others, and those behind it are found', async (t) => {
  const long = 'y'.repeat(1000);
  const file = Buffer.from(`first\n${long}\nbehind it\n`);
  for (const rangeBytes of [1, 5, 6, 7, 100, 1006, 1007, 1008, 5000]) {
    const { lines, unfinished } = allRanges(file, rangeBytes);
    // where the range holds its end there is no need to look for it
    if (unfinished.length === 0) t.same(lines, ['first', long, 'behind it'], `${rangeBytes}`);
    else t.same({ lines, unfinished }, { lines: ['first', 'behind it'], unfinished: [6] }, `${rangeBytes}`);
  }
});

t.test('a file that was cut short meanwhile ends there', async (t) => {
  const file = Buffer.from('one\ntw');
  const window = Buffer.alloc(200);
  const order = { descriptor: -1, start: 0, stop: 100, limit: 1000, atLine: true };
  const own = ownLines(order, window, MAX_LINE, (place, length, offset) =>
    file.copy(window, place, offset, Math.min(offset + length, file.length)),
  );
  t.same(own, { base: 0, begin: 0, end: 4, unfinished: true });
});

t.test('a range that is read in pieces has the lines that it owns, each once', async (t) => {
  const dice = new Dice(2);
  for (let round = 0; round < 300; round++) {
    const lines = dice.list(30, () => 'x'.repeat(dice.below(MAX_LINE)));
    const file = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const window = Buffer.alloc((1 << 20) + MAX_LINE + 200);
    const found: string[] = [];
    for (let start = 0, size = 0; start < file.length; start += size) {
      size = 1 + dice.below(300);
      const stop = Math.min(start + size, file.length);
      const piece = 1 + dice.below(80);
      let next = { start, atLine: start === 0 };
      while (next.start < stop) {
        const range = { ...next, descriptor: -1, stop, limit: file.length, piece };
        const {
          lines: own,
          reached,
          reachedLine,
        } = pieceOf(range, window, MAX_LINE, (place, length, offset) =>
          file.copy(window, place, offset, Math.min(offset + length, file.length)),
        );
        t.notOk(own.unfinished);
        const text = window.toString('latin1', own.begin, own.end);
        if (text !== '') found.push(...text.slice(0, -1).split('\n'));
        if (reached <= next.start) throw new Error('it does not get on');
        next = { start: reached, atLine: reachedLine };
      }
    }
    t.same(found, lines);
  }
});
