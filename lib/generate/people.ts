import type { Random } from './draws.ts';
import type { JsonWriter, Member } from './write-json.ts';

const NAMESPACES = 12;

const given = ['Ada', 'Björn', 'Chloé', 'Dmitri', 'Ewa', 'Farid', 'Gülay', 'Hiro', 'Inês', 'Jo "JJ"'];
const family = [
  'Alvarez',
  'Bauer',
  'Castañeda',
  'Dąbrowski',
  'Eriksen',
  'Fischer',
  'Große',
  'Haddad',
  "O'Neil",
];
const versions = ['3.166.0', '3.171.2', '3.186.0', '3.188.0'];
const services = [
  'checkout',
  'cart',
  'search',
  'mail',
  'ledger',
  'avatar',
  'geo',
  'invoice',
  'login',
  'stock',
];
const targetTypes = ['deployment', 'pod', 'rollout', 'statefulset'] as const;

/** Someone who uses mirrord: what every functional record says of them, and what metric-bearing records do. */
export interface Client {
  readonly id: string;
  readonly common: readonly Member[];
  /** client_hostname, client_name, client_user, user_id: the labels of the Operator's own metrics. */
  readonly labels: readonly Member[];
}

export interface Target {
  readonly namespace: string;
  readonly path: string;
  readonly common: readonly Member[];
}

export function makeClients(json: JsonWriter, random: Random, count: number): Client[] {
  return Array.from({ length: count }, (_, k) => {
    const name = k % 23 === 22 ? `田中 ${k}` : `${random.pick(given)} ${random.pick(family)}`;
    const id = random.hex(5);
    const who = {
      client_hostname: `mac-${k}.local`,
      client_name: name,
      client_user: `user${k}@corp.example`,
    };
    return {
      id,
      common: json.group({ ...who, client_id: id, client_cli_version: random.pick(versions) }),
      labels: json.group({ ...who, user_id: id }),
    };
  });
}

export function makeTargets(json: JsonWriter, random: Random, count: number): Target[] {
  return Array.from({ length: count }, (_, k) => {
    const type = random.pick(targetTypes);
    const copied = k % 15 === 14;
    const name = copied ? `mirrord-copy-job-${random.hex(1)}` : `${random.pick(services)}-${k}`;
    const container = k % 6 === 5 ? '/container/main' : '';
    const namespace = `team-${k % NAMESPACES}`;
    const path = `${type}/${name}${container}`;
    const common = json.group({
      target: path,
      target_type: type,
      target_name: name,
      target_namespace: namespace,
    });
    return { namespace, path, common };
  });
}
