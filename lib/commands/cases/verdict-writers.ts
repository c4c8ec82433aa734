import { printableLines } from '../../text/printable.ts';
import type { Verdict } from './judge.ts';

export type VerdictFormat = 'text' | 'tap' | 'junit';

const failed = ({ differences }: Verdict): boolean => differences.length > 0;
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const detailOf = ({ differences }: Verdict): string => printableLines(differences.join('\n'));
const nameOf = ({ folder }: Verdict): string => printableLines(folder).replaceAll('\n', '\\n');

/** Verdicts as people, TAP consumers or CI servers read them, with a line feed at the end. */
export const verdictWriters: Readonly<Record<VerdictFormat, (verdicts: readonly Verdict[]) => string>> = {
  text(verdicts) {
    const lines = verdicts.map((verdict) => {
      if (failed(verdict)) return `FAIL ${nameOf(verdict)}\n${indented(detailOf(verdict), 2)}`;
      const { renewed } = verdict;
      return `ok   ${nameOf(verdict)}${renewed.length > 0 ? `, renewed: ${renewed.join(', ')}` : ''}`;
    });
    const failures = verdicts.filter(failed).length;
    const cases = verdicts.length === 1 ? '1 case' : `${verdicts.length} cases`;
    return `${lines.join('\n')}\n${cases}: ${verdicts.length - failures} passed, ${failures} failed\n`;
  },

  tap(verdicts) {
    const lines = verdicts.map((verdict, index) => {
      // a # would begin a directive
      const title = `ok ${index + 1} - ${nameOf(verdict).replace(/[\\#]/g, '\\$&')}`;
      const time = `duration_ms: ${(verdict.seconds * 1000).toFixed(1)}`;
      if (!failed(verdict)) return `${title}\n  ---\n  ${time}\n  ...`;
      return `not ${title}\n  ---\n  ${time}\n  message: |\n${indented(detailOf(verdict), 4)}\n  ...`;
    });
    return `TAP version 14\n1..${verdicts.length}\n${lines.join('\n')}\n`;
  },

  junit(verdicts) {
    const failures = verdicts.filter(failed).length;
    const seconds = verdicts.reduce((sum, verdict) => sum + verdict.seconds, 0).toFixed(3);
    const counts = `tests="${verdicts.length}" failures="${failures}" errors="0" time="${seconds}"`;
    const cases = verdicts.map((verdict) => {
      const start = `    <testcase classname="mirrormon" name="${xml(nameOf(verdict))}" time="${verdict.seconds.toFixed(3)}"`;
      if (!failed(verdict)) return `${start}/>`;
      const [message = ''] = detailOf(verdict).split('\n');
      return `${start}>\n      <failure message="${xml(message)}">${xml(detailOf(verdict))}</failure>\n    </testcase>`;
    });
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites ${counts}>`,
      `  <testsuite name="mirrormon" ${counts}>`,
      ...cases,
      '  </testsuite>',
      '</testsuites>\n',
    ].join('\n');
  },
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const xml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!);
