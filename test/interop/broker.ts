import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';

/** A broker of its own for a test: one node, without security at `address`, with it beside. */
export interface Broker {
  readonly folder: string;
  readonly address: string;
  /** PLAIN (alice) and SCRAM (bob), the password of both `secret`. */
  readonly saslAddress: string;
  /** localhost, by a certificate of the authority in ca.crt of the folder. */
  readonly tlsAddress: string;
  /** Ends it at once, as a failing machine does, and starts it again with what it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A command to its end; rejects with what it said if that is not 0. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (piece) => said.push(piece));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${Buffer.concat(said)}`);
}

/** An authority and a certificate for localhost, made with openssl. */
async function makeCertificates(folder: string): Promise<void> {
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const openssl = (...args: string[]) => run('openssl', args, folder);
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=test',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  await openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.crt');
  await run('sh', ['-c', 'cat server.key server.crt ca.crt > server.pem'], folder);
}

function properties(folder: string, [plain, controller, sasl, tls]: readonly number[]): string {
  const login = 'org.apache.kafka.common.security';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAIN://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},SASL://127.0.0.1:${sasl},TLS://127.0.0.1:${tls}`,
    'advertised.listeners': `PLAIN://127.0.0.1:${plain},SASL://127.0.0.1:${sasl},TLS://localhost:${tls}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    'listener.security.protocol.map': 'PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.sasl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_alice="secret";`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'server.pem'),
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '2',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '2',
    'auto.create.topics.enable': 'false',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** @param jars a folder with Kafka's jars */
export async function startBroker(jars: string): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-kafka-'));
  mkdirSync(join(folder, 'data'));
  await makeCertificates(folder);
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, 'server.properties'), properties(folder, ports));
  const java = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*')];
  const id = 'MkU3OEVBNTcwNTJENDM2Qk';
  const user = 'SCRAM-SHA-256=[name=bob,password=secret]';
  const format = ['format', '-t', id, '-c', 'server.properties', '--add-scram', user];
  await run('java', [...java, 'kafka.tools.StorageTool', ...format], folder);

  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const broker = spawn('java', [...java, 'kafka.Kafka', 'server.properties'], {
      cwd: folder,
      stdio: 'ignore',
    });
    child = broker;
    for (const until = Date.now() + 120_000; !(await accepts(ports[0]!)); await delay(200)) {
      if (broker.exitCode !== null || Date.now() > until)
        throw new Error(`the broker in ${folder} does not start`);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await start();
  return {
    folder,
    address: `127.0.0.1:${ports[0]}`,
    saslAddress: `127.0.0.1:${ports[2]}`,
    tlsAddress: `localhost:${ports[3]}`,
    async restart() {
      await end('SIGKILL');
      await start();
    },
    async stop() {
      await end('SIGKILL');
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}
