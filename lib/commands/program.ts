import { existsSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../config/nearest.ts';
import { dashboardNames } from '../dashboards/dashboard-names.ts';
import { MirrormonError } from '../errors.ts';
import { type FramingName, framings } from '../framings/detect/index.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** Builds the command line, parses it, and runs what it asks for. Commands are loaded when they are called. */
export async function parseAndRun(args: readonly string[], io: Io): Promise<number> {
  let status = 0;
  const program = newProgram(io, (code) => {
    status = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has written what is wrong; help and version end with 0
    return error.exitCode === 0 ? 0 : 2;
  }
  return status;
}

function newProgram(io: Io, done: (status: number) => void): Command {
  const program = new Command('mirrormon');
  program
    .description(
      'Turns the logs of a mirrord Operator and the metrics events of OpenZiti into metrics, filtered events and reports.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`mirrormon: ${text.replace(/^error: /, '')}`),
    })
    .showSuggestionAfterError()
    .enablePositionalOptions();
  addRun(program, io, done);
  addCheck(program, io, done);
  addGenerate(program, io, done);
  addDashboards(program, io, done);
  addBench(program, io, done);
  return program;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function integer(name: string, least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
      throw new InvalidArgumentError(`${name} is a whole number of at least ${least}.`);
    }
    return number;
  };
}

function addRun(program: Command, io: Io, done: (status: number) => void): void {
  program
    .argument('[file...]', 'logs to read; - or none is standard input')
    .option('-c, --config <file>', 'configuration (YAML), repeatable, merged left to right', collect)
    .addOption(
      new Option('-i, --input-format <format>', 'how records are framed').choices(framings).default('auto'),
    )
    .option('--records <path>', 'with json: where the records are, such as hits.hits._source')
    .addOption(
      new Option(
        '-o, --output <format>',
        'of standard output (default: table on a terminal, else json)',
      ).choices(['table', 'json', 'logs', 'none']),
    )
    .option('--fluentd', "with -o logs: records as fluentd's filter would leave them, with @timestamp")
    .option('--scrape <url>', 'also read a Prometheus endpoint at every report interval, repeatable', collect)
    .option('--report-interval <duration>', 'metrics.reportInterval, such as 1m')
    .option('--source-id <id>', 'metrics.sourceId')
    .option('--metrics-addr <address>', 'switch the Prometheus endpoint on at this socket address')
    .option('--otel-log-url <url>', 'export log records by OTLP over HTTP')
    .option('--otel-trace-url <url>', 'export sessions as traces by OTLP over HTTP')
    .option('--dead-letters <file>', 'write each rejected record')
    .option('--ledger <file>', 'write at the end where every record went')
    .option('--strict', 'exit 3 if anything was rejected or dropped')
    .option('--progress', 'progress on standard error (default: on a terminal, for files)')
    .option('--no-progress')
    .option('--seed <n>', "of the reservoirs' randomness", integer('A seed', 0))
    .option(
      '--workers <n>',
      'threads that parse large inputs (default: by processors, at most 2)',
      integer('The number of workers', 0),
    )
    .option('-q, --quiet', 'errors only on standard error')
    .option('--color', 'colours (default: on a terminal, unless NO_COLOR is set)')
    .option('--no-color')
    .action(async (files: string[], options) => {
      rejectMistypedCommand(files, program);
      if (options.fluentd === true && options.output !== 'logs') {
        throw new MirrormonError('USAGE', '--fluentd says how log records are written, and none are', {
          hint: 'add -o logs',
        });
      }
      const { run } = await import('./run.ts');
      done(
        await run(
          files,
          {
            ...options,
            config: options.config ?? [],
            inputFormat: options.inputFormat as FramingName,
            settings: {
              output: options.output,
              fluentd: options.fluentd,
              reportInterval: options.reportInterval,
              sourceId: options.sourceId,
              metricsAddr: options.metricsAddr,
              otelLogUrl: options.otelLogUrl,
              otelTraceUrl: options.otelTraceUrl,
              seed: options.seed,
            },
          },
          io,
        ),
      );
    });
}

function addCheck(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('check')
    .description('validate configuration: every error with line, column and the nearest valid word')
    .argument('<file...>', 'configuration files')
    .option('--strict', 'warnings are errors')
    .option('--print', 'print the effective configuration')
    .action(async (files: string[], options) => {
      const { check } = await import('./check.ts');
      done(await check(files, options, io));
    });
}

function addGenerate(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('generate')
    .description('write a deterministic, realistic log for trials')
    .option('--records <n>', 'how many', integer('The number of records', 0), 10_000)
    .option('--seed <n>', 'another seed gives another log', integer('A seed', 0), 1)
    .addOption(
      new Option('--kind <kind>', 'of which system').choices(['operator', 'ziti']).default('operator'),
    )
    .addOption(
      new Option('--layout <layout>', 'of each record')
        .choices(['plain', 'random', 'spaced'])
        .default('plain'),
    )
    .action(async (options) => {
      const { generateCommand } = await import('./generate.ts');
      done(await generateCommand(options, io.stdout));
    });
}

function addDashboards(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('dashboards')
    .description('print a dashboard, its index template, or alerts, to import')
    .argument('<name>', Object.keys(dashboardNames).join(', '))
    .action(async (name: string) => {
      const { dashboards } = await import('./dashboards.ts');
      done(await dashboards(name, io.stdout));
    });
}

function addBench(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('bench')
    .description('how fast this machine is, beside a naive pipeline, and where the time goes')
    .argument('[file...]', 'logs to read, several times (default: a generated one of 50 MB)')
    .option('--runs <n>', 'passages in turn', integer('The number of runs', 1), 5)
    .addOption(
      new Option('-o, --output <format>', 'what is written, and thrown away')
        .choices(['json', 'logs', 'none'])
        .default('json'),
    )
    .action(async (files: string[], options) => {
      const { bench } = await import('./bench.ts');
      done(await bench(files, options, io));
    });
}

/** A word that is no file but nearly a command is a mistyped command, not a missing file. */
function rejectMistypedCommand(files: readonly string[], program: Command): void {
  const [word] = files;
  if (word === undefined || !/^[a-z]+$/.test(word) || existsSync(word)) return;
  const meant = nearest(
    word,
    program.commands.map((command) => command.name()),
  );
  if (meant === undefined) return;
  throw new MirrormonError('USAGE', `there is neither a command nor a file '${word}'`, {
    hint: `did you mean 'mirrormon ${meant}'?`,
  });
}
