import { stringify } from 'yaml';
import { alertGroups } from './alerts.ts';
import { recordingRules } from './recording.ts';

/** A rule file for Prometheus, as YAML. */
export function prometheusRules(): string {
  const groups = [{ name: 'mirrormon-recording', rules: recordingRules }, ...alertGroups];
  return stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}
