import t, { type Test as Tap } from 'tap';
import type { Batch } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { openScanner } from '../../../lib/parse/scanner/index.ts';
import { parseTimestamp } from '../../../lib/text/time.ts';

const scanner = openScanner({ wants: new Wants(), limits: { maxRecordBytes: 1000, maxDepth: 10 } })!;

/** Times of the texts as the scanner reads them. */
function times(texts: readonly string[]): number[] {
  const lines = texts.map((text) => `{"timestamp":${JSON.stringify(text)}}\n`).join('');
  const found: number[] = [];
  for (const batch of scanner
    .parser({ name: '', framing: '' }, 'ndjson')
    .push(Buffer.from(lines)) as Iterable<Batch>) {
    found.push(...batch.time);
    batch.release();
  }
  return found;
}

function check(t: Tap, texts: readonly string[]): void {
  const found = times(texts);
  t.equal(found.length, texts.length);
  const differing = texts.filter((text, k) => !Object.is(found[k], parseTimestamp(text)));
  t.same(differing, []);
}

const templates = [
  '2024-02-29T23:59:59Z',
  '2024-02-29T23:59:59.1234567Z',
  '1969-12-31 00:00:00.12345678+05:45',
  '0001-01-01t00:34:56.123456789+00:40',
  '9999-12-31T23:59:59.999999999999-23:59',
  '9999-12-31T23:59:59.9999Z',
  '2016-12-31T23:59:60Z',
  '2017-01-01T00:59:60,5+01:00',
];

for (const template of templates) {
  t.test(`${template} with any character in any place, and cut off anywhere`, async (t) => {
    const texts = [template];
    for (let at = 0; at < template.length; at++) {
      for (let c = 0x20; c < 0x80; c++) {
        texts.push(template.slice(0, at) + String.fromCharCode(c) + template.slice(at + 1));
      }
      texts.push(
        template.slice(0, at),
        template.slice(0, at) + template.slice(at + 1),
        `${template}${template[at]}`,
      );
    }
    check(t, texts);
  });
}

t.test('every number of digits of the fraction, to the last bit', async (t) => {
  const texts: string[] = [];
  for (let digits = 0; digits < 14; digits++) {
    for (const digit of '0123456789') texts.push(`2024-06-01T00:00:00.${digit.repeat(digits)}Z`);
    for (let k = 0; k < 50; k++) {
      const fraction = String(Math.sin(digits * 50 + k))
        .replace(/\D/g, '')
        .slice(0, digits);
      texts.push(`2024-06-01T00:00:00.${fraction}Z`);
    }
  }
  check(t, texts);
});

t.test('every day of four years, and the days that none has', async (t) => {
  const texts: string[] = [];
  for (const year of [1900, 1999, 2000, 2024]) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        texts.push(`${date}T00:00:00Z`);
      }
    }
  }
  check(t, texts);
});
