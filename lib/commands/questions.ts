import { wrapLines } from '../text/wrap.ts';

const WIDTH = 80;

/** A question of every day, and the command that answers it; `note` says how to read the answer. */
interface Question {
  readonly question: string;
  readonly command: string;
  readonly note?: string;
}

const questions: readonly Question[] = [
  {
    question: 'Which session was the longest?',
    command: 'mirrormon audit operator.log --sort time --top 1',
  },
  {
    question: 'How many sessions had which target on which day?',
    command: 'mirrormon usage operator.log --by target,day',
  },
  {
    question: 'Who steals port 8080 of that target now?',
    command: "mirrormon audit operator.log --having 'target=mail-55' --having 'held=^8080$'",
    note: 'Sessions that have neither ended nor given the port back, with the filters of their steals.',
  },
  {
    question: 'What did one client do last week, for a spreadsheet?',
    command:
      "mirrormon audit operator.log --since 7d --having 'client_user=^user86@' --format csv > week.csv",
    note: 'Of files, 7d is before their newest record; sessions that began before miss their start.',
  },
  {
    question: 'How does this week compare with the one before?',
    command: 'mirrormon usage operator.log --by target --compare 7d',
  },
  {
    question: 'What has changed since yesterday?',
    command: 'mirrormon usage operator.log --by user,target --compare 1d',
    note: 'Who has gone stands at the end, with no session and those of the day before.',
  },
  {
    question: 'Why is this pool metric not written?',
    command: 'mirrormon explain -c ctrl.yml events.json --metric pool.listener.ctrl.queue_size --top 0',
    note: 'It names the subscription and the filter that leave it out.',
  },
  {
    question: 'Is anything lost?',
    command: 'mirrormon operator.log -o none --strict --dead-letters lost.ndjson',
    note: 'Status 3 if a record was rejected, refused or dropped; lost.ndjson then has each with its place and reason.',
  },
  {
    question: 'What is the p95 of ping, by user?',
    command:
      "mirrormon operator.log -o table --where 'histogram.mirrord_operator_ping_latency>=0' --sort p95 --top 10",
  },
  {
    question: 'Which sessions never ended?',
    command: "mirrormon audit operator.log --having 'missing=end|both'",
  },
];

/** The topic as text for a terminal. */
export function questionsText(): string {
  const parts = questions.map(({ question, command, note }) =>
    [
      question,
      `    ${command}`,
      ...(note === undefined ? [] : wrapLines(note, WIDTH - 2)).map((line) => `  ${line}`),
    ].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}
