import type { Random } from './draws.ts';
import type { Client, Target } from './people.ts';
import type { Scenario } from './scenario.ts';
import type { JsonWriter, Member } from './write-json.ts';

/** Around how many sessions are open at a time. */
const USUALLY_OPEN = 60;

const filters = ['Header(x-user: .*)', 'Header(^x-pg-tenant: "\\w+"$)', 'Path(/api/v\\d+/orders)'];
const ports = [80, 443, 3000, 5000, 8080, 8443, 9090];

interface Session {
  readonly id: string;
  readonly started: number;
  readonly client: Client;
  readonly target: Target;
  readonly held: number[];
  /** Its end is not written. */
  readonly endless: boolean;
}

/** Where sessions play. */
export interface Stage {
  readonly clients: readonly Client[];
  readonly targets: readonly Target[];
  readonly scenario: Scenario;
}

/** Sessions that begin, take and give back ports, and end, in the Operator's functional messages. */
export class Sessions {
  private readonly open: Session[] = [];
  private readonly json: JsonWriter;
  private readonly random: Random;
  private readonly stage: Stage;
  private readonly filters: readonly Member[];

  constructor(json: JsonWriter, random: Random, stage: Stage) {
    this.json = json;
    this.random = random;
    this.stage = stage;
    this.filters = filters.map((filter) => json.member('http_filter', filter));
  }

  /** A session starts or ends: as often the one as the other, once as many are open as usual. */
  come(micros: number): Member[] {
    const starts = 0.5 + (USUALLY_OPEN - this.open.length) / (4 * USUALLY_OPEN);
    return this.open.length === 0 || this.random.unit() < starts ? this.start(micros) : this.end(micros);
  }

  steal(micros: number): Member[] {
    const session = this.any();
    return session === undefined ? this.start(micros) : this.stealBy(session);
  }

  private stealBy(session: Session): Member[] {
    const members = this.members('Port Steal', session);
    members.push(this.json.plain('port', this.take(session)));
    if (this.random.unit() < 0.8) members.push(this.random.pick(this.filters));
    return members;
  }

  mirror(micros: number): Member[] {
    const session = this.any();
    if (session === undefined) return this.start(micros);
    return [...this.members('Port Mirror', session), this.json.plain('port', this.take(session))];
  }

  /** Gives back a port that its session holds. */
  release(micros: number): Member[] {
    const session = this.holder();
    const port = session?.held.pop();
    if (session === undefined || port === undefined) return this.steal(micros);
    return [...this.members('Port Release', session), this.json.plain('port', port)];
  }

  copyTarget(): Member[] {
    const { client, target } = this.any() ?? this.someone();
    const message = this.json.plain('message', 'Copy Target');
    const scaleDown = this.json.member('scale_down', this.random.unit() < 0.5);
    return [message, ...target.common, ...client.common, scaleDown];
  }

  private start(micros: number): Member[] {
    const missing = this.stage.scenario.missing();
    const endless = missing === 'end';
    const session = { id: this.random.hex(2), started: micros, held: [], endless, ...this.someone() };
    this.open.push(session);
    if (missing === 'start') return this.stealBy(session);
    return this.members('Session Start', session);
  }

  /** Mostly a young session ends: durations then spread from seconds to hours. */
  private end(micros: number): Member[] {
    const unit = this.random.unit();
    const place = this.open.length - 1 - Math.floor(unit * unit * this.open.length);
    const session = this.open[place] as Session;
    this.open[place] = this.open[this.open.length - 1] as Session;
    this.open.pop();
    if (session.endless) return this.come(micros);
    const duration = Math.round((micros - session.started) / 1000) / 1000;
    return [...this.members('Session End', session), this.json.plain('session_duration', duration)];
  }

  private someone(): { client: Client; target: Target } {
    const { clients, targets } = this.stage;
    return { client: this.random.pick(clients), target: this.random.pick(targets) };
  }

  private any(): Session | undefined {
    return this.open.length === 0 ? undefined : this.random.pick(this.open);
  }

  /** A session that holds a port, if one is met soon. */
  private holder(): Session | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const session = this.any();
      if (session !== undefined && session.held.length > 0) return session;
    }
    return undefined;
  }

  private take(session: Session): number {
    const port = this.random.pick(ports);
    session.held.push(port);
    return port;
  }

  private members(message: string, { id, client, target }: Session): Member[] {
    return [
      this.json.plain('message', message),
      ...target.common,
      ...client.common,
      this.json.plain('session_id', id),
    ];
  }
}
