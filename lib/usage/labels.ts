import type { Dictionary } from './dictionary.ts';
import type { Sessions } from './session-store.ts';

/** Copied targets have a name of their own each time; here all of them are one. */
const COPY = 'mirrord-copy-';

type Parts = readonly [whole: string, type: string, name: string];

/** Whose sessions, and what they are on, in words: by id in the dictionaries. */
export class Labels {
  private readonly clients: Dictionary;
  private readonly targets: Dictionary;
  private readonly ofClient: string[] = [];
  private readonly ofTarget: string[] = [];
  private readonly ofFullTarget: string[] = [];
  private readonly partsOf: Parts[] = [];

  constructor({ clients, targets }: Sessions) {
    this.clients = clients;
    this.targets = targets;
  }

  /** The user of Kubernetes; before a log had it, the person's name. */
  user(client: number): string {
    const [user = '', , name = ''] = this.clients.texts(client);
    return user || name;
  }

  /** What tells a client from others: its certificate; before 3.86.0, name and machine. */
  client(client: number): string {
    this.ofClient[client] ??= this.clientText(client);
    return this.ofClient[client];
  }

  private clientText(client: number): string {
    const [user = '', id = '', name = '', host = ''] = this.clients.texts(client);
    return id || [name || user, host].filter((part) => part !== '').join('@');
  }

  kubernetesUser(client: number): string {
    return this.clients.text(client, 0);
  }

  certificate(client: number): string {
    return this.clients.text(client, 1);
  }

  name(client: number): string {
    return this.clients.text(client, 2);
  }

  host(client: number): string {
    return this.clients.text(client, 3);
  }

  /** `type/name`, copies as one. */
  target(target: number): string {
    this.ofTarget[target] ??= this.targetText(target);
    return this.ofTarget[target];
  }

  private targetText(target: number): string {
    const [, type, name] = this.parts(target);
    const short = name!.startsWith(COPY) ? `${COPY}*` : name!;
    return [type!, short].filter((part) => part !== '').join('/');
  }

  /** The target as the log has it. */
  fullTarget(target: number): string {
    this.ofFullTarget[target] ??= this.fullTargetText(target);
    return this.ofFullTarget[target];
  }

  private fullTargetText(target: number): string {
    const [whole, type, name] = this.parts(target);
    return whole || [type!, name!].filter((part) => part !== '').join('/');
  }

  namespace(target: number): string {
    return this.targets.text(target, 3);
  }

  isCopy(target: number): boolean {
    return this.parts(target)[2]!.startsWith(COPY);
  }

  /** The target whole, its type and its name: either form of the log gives all of them. */
  private parts(target: number): Parts {
    this.partsOf[target] ??= this.readParts(target);
    return this.partsOf[target];
  }

  private readParts(target: number): Parts {
    const [whole = '', type = '', name = ''] = this.targets.texts(target);
    const [first = '', second = ''] = whole.split('/');
    // a target without a type is a name
    const isName = whole !== '' && !whole.includes('/');
    return [whole, type || (isName ? '' : first), name || (isName ? first : second)];
  }
}
