import t from 'tap';
import { NewLines } from '../../lib/follow/kubectl/new-lines.ts';
import { Seam } from '../../lib/follow/kubectl/seam.ts';

const at = (second: number, text: string, fraction = '.000000001'): string =>
  `[pod/a/main] ${new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1000).toISOString().slice(0, 19)}${fraction}Z ${text}`;

/** What a connection gives of lines that are new. */
function connection(seam: Seam, lines: readonly string[], isOther = false): string[] {
  const session = seam.session(isOther);
  return lines.filter((line) => session.admit(Buffer.from(line)));
}

t.test('what the next connection repeats is left out, in whatever order it comes', async (t) => {
  const seam = new Seam();
  const lines = [0, 1, 2, 3, 4].map((k) => at(k, `line ${k}`));
  t.same(connection(seam, lines.slice(0, 3)), lines.slice(0, 3));
  t.same(
    connection(
      seam,
      [2, 4, 1, 3, 2, 0].map((k) => lines[k]!),
    ),
    [lines[4], lines[3]],
  );
});

t.test('lines of one instant are told apart by their content', async (t) => {
  const seam = new Seam();
  t.same(connection(seam, [at(0, 'a'), at(0, 'b')]).length, 2);
  t.same(connection(seam, [at(0, 'c'), at(0, 'a'), at(0, 'b')]), [at(0, 'c')]);
});

t.test('equal neighbours are one line by a clock of nanoseconds, and two by one of seconds', async (t) => {
  const fine = new Seam();
  t.same(connection(fine, [at(0, 'a'), at(0, 'a')]), [at(0, 'a')]);
  const coarse = new Seam();
  const twice = [at(0, 'a', '.000000000'), at(0, 'a', '.000000000')];
  t.same(connection(coarse, twice), twice);
  t.same(connection(coarse, twice), [], 'and both are known then');
  t.same(connection(coarse, [...twice, twice[0]!]), [twice[0]], 'a third one is not');
});

t.test('the next connection begins seconds before the last line that came', async (t) => {
  const seam = new Seam();
  t.equal(seam.resumeAt, undefined);
  connection(seam, [at(9, 'a', '.7'), at(8, 'b', '.9')]);
  t.equal(new Date(seam.resumeAt!).toISOString(), '2026-01-01T00:00:03.000Z');
});

t.test('what is forgotten is known by its time, unless another instance writes', async (t) => {
  const seam = new Seam();
  const lines = Array.from({ length: 60_000 }, (_, k) => at(k / 100, `line ${k}`));
  t.equal(connection(seam, lines).length, lines.length);
  t.same(connection(seam, lines), [], 'a connection that begins at the beginning');
  t.same(connection(seam, [at(1, 'new')], true), [at(1, 'new')]);
});

t.test('lines in any pieces; what is cut off waits', async (t) => {
  const bytes = Buffer.from(`${at(0, 'a')}\n${at(1, 'b')}\n\n${at(2, 'c')}`);
  for (const size of [1, 7, 64, 1000]) {
    const lines = new NewLines(new Seam().session());
    let text = '';
    for (let from = 0; from < bytes.length; from += size) {
      for (const run of lines.push(bytes.subarray(from, from + size))) text += run.toString();
    }
    for (const run of lines.end()) text += run.toString();
    t.equal(text + lines.rest.toString(), bytes.toString(), `${size} bytes`);
    t.equal(lines.rest.toString(), at(2, 'c'));
  }
});

t.test('a line without an end costs bounded memory, and is passed or left out as a whole', async (t) => {
  const seam = new Seam();
  const piece = Buffer.alloc(1 << 22, 'x');
  const pass = (): number => {
    const lines = new NewLines(seam.session());
    let length = 0;
    const count = (runs: Iterable<Buffer>): void => {
      for (const run of runs) length += run.length;
    };
    count(lines.push(Buffer.from(at(0, ''))));
    for (let k = 0; k < 10; k++) count(lines.push(piece));
    count(lines.push(Buffer.from('\n')));
    count(lines.end());
    return length;
  };
  t.equal(pass(), Buffer.byteLength(at(0, '')) + 10 * piece.length + 1);
  t.equal(pass(), 0);
});

t.test('a seam that goes on from a state knows what the one before it knew', async (t) => {
  const lines = Array.from({ length: 60_000 }, (_, k) => at(k / 4, `line ${k}`, `.${String(k % 4)}00000001`));
  const seam = new Seam();
  connection(seam, lines.slice(0, 50_000));
  const again = new Seam(seam.state());
  t.equal(again.newest, seam.newest);
  t.equal(again.resumeAt, seam.resumeAt);
  t.ok(seam.state().length < 16 * 33_000 + 100, `${seam.state().length} bytes`);
  t.same(connection(again, lines), lines.slice(50_000), 'from the beginning, forgotten lines included');
  t.same(connection(new Seam(again.state()), [...lines.slice(-5), at(20_000, 'new')]), [at(20_000, 'new')]);
  const empty = new Seam(new Seam().state());
  t.equal(empty.newest, undefined);
  t.same(connection(empty, lines.slice(0, 2)), lines.slice(0, 2));
});

t.test('a state that was taken behind some bytes knows no line behind them', async (t) => {
  const lines = Array.from({ length: 40 }, (_, k) => at(10 * k, `line ${k % 3 === 0 ? 'again' : k}`));
  for (const measured of [0, 1, 17, 39, 40]) {
    const seam = new Seam();
    seam.begin();
    connection(seam, lines);
    const place = lines.slice(0, measured).reduce((sum, line) => sum + line.length + 1, 0);
    t.equal(
      seam.at,
      lines.reduce((sum, line) => sum + line.length + 1, 0),
    );
    seam.measured(place - 1);
    const again = new Seam(seam.state(place));
    const before = new Seam();
    connection(before, lines.slice(0, measured));
    t.equal(again.resumeAt, before.resumeAt, 'nor begins behind one');
    t.same(connection(again, lines), lines.slice(measured));
  }
});

t.test('what stands before the first line that was asked for is not wanted later either', async (t) => {
  const lines = [0, 1, 2, 3, 4].map((k) => at(k, `line ${k}`));
  const seam = new Seam(undefined, true);
  t.same(connection(seam, lines.slice(2, 4)), lines.slice(2, 4));
  t.same(connection(seam, lines), [lines[4]]);
  t.same(connection(new Seam(seam.state(), true), lines), []);
});
