import { Random } from './draws.ts';
import { type Client, makeClients, makeTargets, type Target } from './people.ts';
import type { Scenario } from './scenario.ts';
import { Sessions } from './session-story.ts';
import { logStart, TimeText } from './time-line.ts';
import type { JsonWriter, Member } from './write-json.ts';

const MEAN_GAP = 1e6;
const LICENSE_DAYS = 90;
const DAY = 86_400e6;

/** The share of each kind of record, in thousandths; session starts and ends share one line. */
const mix = [
  ['session', 240],
  ['steal', 120],
  ['mirror', 60],
  ['release', 120],
  ['copy', 40],
  ['metric', 30],
  ['noise', 390],
] as const;

const draws = mix.flatMap(([kind, share]) => new Array<(typeof mix)[number][0]>(share).fill(kind));

interface Record {
  readonly level: string;
  readonly target: string;
  readonly fields: Member[];
  readonly span?: Member[] | undefined;
}

/** The log of a mirrord Operator in `tracing`'s JSON layout: one line per call, in the order of the log. */
export class OperatorLog {
  /** When the last line was written, since the epoch. */
  micros = logStart * 1000;
  private first = true;
  private readonly time = new TimeText();
  private readonly json: JsonWriter;
  private readonly random: Random;
  readonly scenario: Scenario;
  readonly clients: readonly Client[];
  readonly targets: readonly Target[];
  private readonly sessions: Sessions;

  constructor(json: JsonWriter, seed: number, scenario: Scenario) {
    this.json = json;
    this.random = new Random(seed);
    this.scenario = scenario;
    this.clients = makeClients(json, this.random, scenario.users);
    this.targets = makeTargets(json, this.random, scenario.targets);
    this.sessions = new Sessions(json, this.random, this);
  }

  line(): string {
    const { json, random, scenario } = this;
    this.micros += scenario.pause(1 + Math.floor(random.exponential(MEAN_GAP)));
    const record = this.first ? this.license() : this.record();
    this.first = false;
    // Threads race for the log: now and then a record is written after a younger one.
    const late = random.unit() < scenario.late ? random.int(2 * MEAN_GAP) : 0;
    const members = [
      json.plain('timestamp', this.time.micros(Math.max(this.micros - late, logStart * 1000))),
      json.plain('level', record.level),
      json.raw('fields', json.object(record.fields)),
      json.plain('target', record.target),
    ];
    if (record.span !== undefined) members.push(json.raw('span', json.object(record.span)));
    return json.object(members) + json.lineEnd;
  }

  private record(): Record {
    if (this.scenario.isError()) return this.failure();
    const kind = this.random.pick(draws);
    if (kind === 'metric') return this.metric();
    if (kind === 'noise') return this.noise();
    return { level: 'INFO', target: 'operator_session::session', fields: this.functional(kind) };
  }

  private functional(kind: 'session' | 'steal' | 'mirror' | 'release' | 'copy'): Member[] {
    switch (kind) {
      case 'session':
        return this.sessions.come(this.micros);
      case 'steal':
        return this.sessions.steal(this.micros);
      case 'mirror':
        return this.sessions.mirror(this.micros);
      case 'release':
        return this.sessions.release(this.micros);
      case 'copy':
        return this.sessions.copyTarget();
    }
  }

  private license(): Record {
    return {
      level: 'INFO',
      target: 'operator::license',
      fields: [this.json.plain('message', 'Loaded license!')],
    };
  }

  /** Measurements that functional records do not carry, as fields of tracing's metrics layer. */
  private metric(): Record {
    const { json, random } = this;
    return { level: 'TRACE', target: 'operator::metrics', fields: this.measurement(json, random) };
  }

  private measurement(json: JsonWriter, random: Random): Member[] {
    const draw = random.unit();
    if (draw < 0.35) {
      const connection = json.plain('monotonic_counter.mirrord_stolen_connections_count', 1);
      return [connection, ...this.traffic()];
    }
    if (draw < 0.6) {
      const requests = json.plain('monotonic_counter.mirrord_stolen_requests_count', 1 + random.int(40));
      return [requests, ...this.traffic()];
    }
    if (draw < 0.95) {
      const seconds = Math.round(random.exponential(0.04) * 1e6) / 1e6;
      const { labels } = random.pick(this.clients);
      return [json.plain('histogram.mirrord_operator_ping_latency', seconds), ...labels];
    }
    const left = Math.floor((LICENSE_DAYS * DAY - (this.micros - logStart * 1000)) / 1e6);
    return [json.plain('gauge.mirrord_license_valid_seconds', left)];
  }

  /** A target is stolen from by the few who work on it. */
  private traffic(): Member[] {
    const { json, random, clients, targets } = this;
    const place = random.int(targets.length);
    const { namespace, path } = targets[place] as Target;
    const { id } = clients[(place + random.int(3)) % clients.length] as Client;
    return [
      json.plain('port', 8080),
      json.plain('namespace', namespace),
      json.plain('target', path),
      json.plain('user_id', id),
    ];
  }

  /** What the Operator says of itself, which is most of a log at RUST_LOG=debug. */
  private noise(): Record {
    const { json, random } = this;
    const draw = random.unit();
    if (draw < 0.82) return this.reconcile(json, random);
    if (draw < 0.92) {
      const version = random.int(1e7);
      const error = `ApiError: "watch" closed (status: 410)\n\tresource version ${version} is too old`;
      const fields = [
        json.plain('message', 'watcher stream failed, will restart'),
        json.member('error', error),
      ];
      return { level: 'WARN', target: 'kube_runtime::watcher', fields };
    }
    const agent = json.plain('agent', `mirrord-agent-${random.hex(1)}`);
    const fields = [json.plain('message', 'agent is ready'), agent, json.plain('restarts', 0)];
    return { level: 'INFO', target: 'operator::agent', fields };
  }

  private failure(): Record {
    const { json } = this;
    const fields = [
      json.plain('message', 'agent connection lost'),
      json.plain('error', 'connection reset by peer (os error 104)'),
    ];
    return { level: 'ERROR', target: 'operator::agent', fields };
  }

  private reconcile(json: JsonWriter, random: Random): Record {
    const name = `session-${random.hex(2)}`;
    const fields = [
      json.plain('message', 'reconciling object'),
      json.plain('kind', 'MirrordClusterSession'),
      json.plain('name', name),
      json.plain('elapsed_ms', random.int(20)),
    ];
    const span =
      random.unit() < 0.3 ? [json.plain('name', 'reconcile'), json.plain('object', name)] : undefined;
    return { level: 'DEBUG', target: 'operator::reconcile', fields, span };
  }
}
