import { createHash, randomBytes } from 'node:crypto';

/** Comparisons that may wait: each takes some 80 ms of a processor, and anyone may ask for one. */
const MOST_WAITING = 16;
/** Outcomes that are remembered, so that a scraper costs one comparison and not one a scrape. */
const MOST_REMEMBERED = 256;
/** For users that are not known, so that nobody learns from the time of an answer which are. Of a random text. */
const NOBODY = '$2b$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

export type Verdict = 'welcome' | 'refused' | 'busy';

interface Credentials {
  readonly user: string;
  readonly password: string;
}

function credentialsOf(header: string | undefined): Credentials | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/_=-]{1,4096}) *$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const at = text.indexOf(':');
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) };
}

/** Basic authentication against bcrypt hashes: one comparison at a time, and outcomes remembered. */
export class Authentication {
  private readonly outcomes = new Map<string, boolean>();
  /** Outcomes are remembered by a hash that says nothing to who reads our memory. */
  private readonly salt = randomBytes(16);
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  async check(header: string | undefined, users: ReadonlyMap<string, string>): Promise<Verdict> {
    if (users.size === 0) return 'welcome';
    const credentials = credentialsOf(header);
    if (credentials === undefined) return 'refused';
    const hash = users.get(credentials.user);
    const key = this.keyOf(credentials, hash);
    const known = this.outcomes.get(key);
    if (known !== undefined) return known ? 'welcome' : 'refused';
    if (this.waiting >= MOST_WAITING) return 'busy';
    this.waiting++;
    const comparing = this.last.then(() => this.compare(credentials, hash));
    this.last = comparing.catch(() => {});
    try {
      const isRight = await comparing;
      this.remember(key, isRight);
      return isRight ? 'welcome' : 'refused';
    } finally {
      this.waiting--;
    }
  }

  private async compare({ password }: Credentials, hash: string | undefined): Promise<boolean> {
    const { default: bcrypt } = await import('bcryptjs');
    const isRight = await bcrypt.compare(password, hash ?? NOBODY);
    return isRight && hash !== undefined;
  }

  private remember(key: string, isRight: boolean): void {
    if (this.outcomes.size >= MOST_REMEMBERED) {
      for (const oldest of this.outcomes.keys()) {
        this.outcomes.delete(oldest);
        break;
      }
    }
    this.outcomes.set(key, isRight);
  }

  private keyOf({ user, password }: Credentials, hash: string | undefined): string {
    return createHash('sha256')
      .update(this.salt)
      .update(JSON.stringify([user, password, hash ?? '']))
      .digest('base64');
  }
}
