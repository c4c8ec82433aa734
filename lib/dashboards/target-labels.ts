import { labelNamesOf } from './metrics.ts';

/** The labels that name a session's target, as the durations by target have them. */
export const targetLabels: readonly string[] = labelNamesOf('mirrormon_session_duration_seconds_count');

/** The first is the namespace. */
export const namespaceLabel = targetLabels[0]!;

const words: Readonly<Record<string, string>> = { id: 'ID', sqs: 'SQS', k8s: 'Kubernetes' };

/** `target_namespace` as a heading: `Target namespace`. */
export function heading(label: string): string {
  const text = label
    .split('_')
    .map((word) => words[word] ?? word)
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
