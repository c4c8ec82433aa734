import { followOptions, runOptions } from './run-options.ts';
import type { CommandSpec } from './spec.ts';
import { runOptionsOf, workloadOf } from './typed-values.ts';

export const runCommand: CommandSpec = {
  name: '',
  args: '[file...]',
  argsHelp:
    'logs to read, also compressed, globs, and topics (kafka://HOST:PORT/TOPIC); - or none is standard input',
  help: 'Turns the logs of a mirrord Operator and the metrics events of OpenZiti into metrics, filtered events and reports.',
  options: runOptions,
  examples: [
    'kubectl logs -f deploy/mirrord-operator -n mirrord | mirrormon',
    "mirrormon 'archive/*.log.gz' -o json > metrics.ndjson",
    'mirrormon -c ctrl.yml < events.json',
  ],
  async run(files, values, io) {
    return (await import('../run.ts')).run(files, runOptionsOf(values), io);
  },
};

export const followCommand: CommandSpec = {
  name: 'follow',
  args: '<workload>',
  argsHelp: 'as kubectl has it, such as deploy/mirrord-operator; a name alone is a deployment, or a pod',
  help: 'run kubectl logs itself, for all pods and containers of a workload, and heal it: rotations, restarts, replaced pods; each line once',
  options: followOptions,
  examples: [
    'mirrormon follow deploy/mirrord-operator -n mirrord',
    'mirrormon follow mirrord-operator -n mirrord --since 1h --metrics-addr :9000',
  ],
  async run([workload], values, io) {
    const { run } = await import('../run.ts');
    return run([], { ...runOptionsOf(values), workload: workloadOf(workload!, values) }, io);
  },
};
