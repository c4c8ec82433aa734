/** How a client's certificate is asked for, by the names of Go's TLS. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

export type ClientAuthType = (typeof clientAuthTypes)[number];

export interface WebTls {
  /** PEM, as are the others. */
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  readonly clientAuth: ClientAuthType;
  /** Subject alternative names, one of which a client's certificate must have; empty = any. */
  readonly clientSans: readonly string[];
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** In OpenSSL's words, as are the curves; undefined = its defaults. */
  readonly ciphers: string | undefined;
  readonly curves: string | undefined;
  readonly preferServerCiphers: boolean;
}

/** What a web configuration file of Prometheus' exporter-toolkit says, its files read. */
export interface WebConfig {
  /** undefined = plain HTTP. */
  readonly tls: WebTls | undefined;
  /** With TLS alone, as in the toolkit. */
  readonly http2: boolean;
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** User to bcrypt hash; empty = everyone may ask. */
  readonly users: ReadonlyMap<string, string>;
}

/** Reads a web configuration file. Rejects with CONFIG_INVALID or CONFIG_UNREADABLE. */
export type ReadWebConfig = (path: string) => Promise<WebConfig>;

export const openWeb: WebConfig = { tls: undefined, http2: false, headers: {}, users: new Map() };
