/** A parse worker: does what the main thread tells it to. */
import { parentPort, workerData } from 'node:worker_threads';
import { ScanWorker } from './scan-worker.ts';
import type { Collect, Job, Reply, Setup } from './worker-messages.ts';

const worker = new ScanWorker(workerData as Setup);
const port = parentPort!;
const reply = (message: Reply): void => port.postMessage(message);
port.on('message', (job: Job | Collect) => reply(worker.do(job)));
reply({ ready: worker.given });
