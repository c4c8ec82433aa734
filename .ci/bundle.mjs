// The command line as a few files, because loading its modules one by one is most of a short run. Against `node -e 0`, a
// log of ten lines took 2.4 times as ES modules without packages, and takes 1.9 times like this.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';

/** Packages that every run needs, and so go into the bundle; others are loaded from where they are installed. */
const bundled = ['commander', 'pumpify'];

const common = { platform: 'node', target: 'node20.19', logLevel: 'warning' };
/** CommonJS is loaded in two thirds of the time, since nothing in it waits for the event loop. */
const commonJs = { ...common, format: 'cjs', define: { 'import.meta.url': 'moduleUrl' } };
const moduleUrl = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";

/** What nearly every run loads at two moments, lazily so that `--version` needs neither, and `--help` but the first. */
const together = {
  'command-line': ['lib/commands/program.ts'],
  run: ['lib/commands/run.ts', 'lib/handlers/stdout/index.ts'],
};

/** What is loaded lazily stays apart. */
export async function bundleCommandLine(folder) {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...common,
    entryPoints: ['bin/mirrormon.ts'],
    outdir: folder,
    bundle: true,
    // only ES modules can be split
    splitting: true,
    format: 'esm',
    external: externals(),
    plugins: [kafkaClientBeside],
    metafile: true,
  });
  refuseCycles(metafile.outputs);
  for (const file of Object.keys(metafile.outputs)) {
    const { code } = await transform(withFixedImports(readFileSync(file, 'utf8')), {
      ...commonJs,
      supported: { 'dynamic-import': false },
      banner: moduleUrl,
    });
    writeFileSync(file, code);
  }
  await joinTogether(folder, metafile.outputs);
  await bundleWorker('lib/parse/scanner/workers/worker.ts', join(folder, 'workers'));
  await bundleWorker('lib/inputs/kafka/reading-thread.ts', folder);
  const client = await bundleKafkaClient(folder);
  await bundleCodeCache(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(folder, 'LICENSES'), licences([...Object.keys(metafile.inputs), ...client]));
}

/** In a file of its own, and where it is looked for: a worker is ready after 30 ms instead of 55. */
async function bundleWorker(entry, folder) {
  await build({
    ...commonJs,
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    external: externals(),
    plugins: [kafkaClientBeside],
    // as the program's: what is compiled by hand has no way to import
    supported: { 'dynamic-import': false },
    banner: { js: moduleUrl },
  });
}

/** What the program uses of Kafka's client is a file beside its own. */
const kafkaClientBeside = {
  name: 'Kafka client beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/client\.ts$/ }, ({ importer }) =>
      importer.endsWith('lib/kafka/library.ts') ? { path: './kafka-client.js', external: true } : undefined,
    );
  },
};

/** Packages of the client's that serve what is not used of it. */
const unused = /^(avsc|mnemonist|protobufjs|\.\.?\/(.*\/)?registries\/.*)$/;

/** What the client has of WebAssembly: it decodes and compiles all of it where it is loaded. */
const wasmExports = ['crc32c', 'lz4Compress', 'lz4Decompress', 'snappyCompress', 'snappyDecompress'];

/** As lib/kafka/library.ts has the client that is installed; and nothing that is not used, or not used yet. */
const kafkaClientWithin = {
  name: 'Kafka client within',
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: /@platformatic.kafka.dist.utils\.js$/ }, ({ path }) => ({
      contents: `import { lateValidator } from ${JSON.stringify(join(process.cwd(), 'lib/kafka/mending.ts'))};
${replaced(path, [
  [/^import \{ Ajv2020 \} .*$/m, ''],
  [/^export const ajv = new Ajv2020\((.*)\);$/m, (_, options) => lateAjv(options)],
])}`,
    }));
    onLoad({ filter: /@platformatic.kafka.dist.protocol.crc32c\.js$/ }, ({ path }) => ({
      contents: replaced(path, [
        [
          /^export const crc32c = (.*);$/m,
          (_, found) => `let found;\nexport const crc32c = (data) => (found ??= ${found})(data);`,
        ],
      ]),
    }));
    onResolve({ filter: unused }, async ({ path, pluginData, ...from }) =>
      pluginData === unused
        ? undefined
        : { ...(await resolve(path, { ...from, pluginData: unused })), sideEffects: false },
    );
    onResolve({ filter: /^@platformatic\/wasm-utils$/ }, ({ path, resolveDir }) => ({
      ...{ path, namespace: 'late', pluginData: resolveDir },
    }));
    onLoad({ filter: /^/, namespace: 'late' }, ({ path, pluginData }) => ({
      resolveDir: pluginData,
      // its WebAssembly as a part of the script
      contents: wasmExports
        .map((name) => `export const ${name} = (data) => require('${path}/bundled').${name}(data);`)
        .join('\n'),
    }));
  },
};

const lateAjv = (options) =>
  `export const ajv = lateValidator(() => new (require('ajv/dist/2020.js').Ajv2020)(${options}));`;

/** A file's text with others in place of what must be there. */
function replaced(path, replacements) {
  let text = readFileSync(path, 'utf8');
  for (const [pattern, by] of replacements) {
    if (!pattern.test(text)) throw new Error(`${path} has no ${pattern}: its version is another one`);
    text = text.replace(pattern, by);
  }
  return text;
}

/**
 * In its 383 files the client takes 380 ms to be loaded, with half of a second of processors; in one 28, and 15 where
 * what checks options, its WebAssembly and its addon wait until they are used.
 * @returns the files that it is made of
 */
async function bundleKafkaClient(folder) {
  const { metafile } = await build({
    ...commonJs,
    entryPoints: { 'kafka-client': 'lib/kafka/client.ts' },
    outdir: folder,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    external: ['@node-rs/crc32'],
    plugins: [kafkaClientWithin],
    banner: { js: moduleUrl },
    metafile: true,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return Object.keys(inputs);
}

/** Compiled code is kept for everything that is loaded behind a file that says so: the program's, and the worker's. */
async function bundleCodeCache(folder) {
  await build({
    ...commonJs,
    entryPoints: ['bin/code-cache.ts'],
    outdir: folder,
    bundle: true,
    banner: { js: moduleUrl },
  });
  const { commands } = await import('../dist/lib/commands/cli/commands.js');
  const names = JSON.stringify(commands.map(({ name }) => name).filter((name) => name !== ''));
  const starting = (file, up) => {
    const own = up === './' ? '__dirname' : "require('node:path').dirname(__dirname)";
    return `require('${up}code-cache.js').keepCode(${own}, ${names});\nrequire('./${file}');\n`;
  };
  renameSync(join(folder, 'mirrormon.js'), join(folder, 'program.js'));
  writeFileSync(join(folder, 'mirrormon.js'), `#!/usr/bin/env node\n${starting('program.js', './')}`, {
    mode: 0o755,
  });
  renameSync(join(folder, 'workers', 'worker.js'), join(folder, 'workers', 'scan.js'));
  writeFileSync(join(folder, 'workers', 'worker.js'), starting('scan.js', '../'));
  renameSync(join(folder, 'reading-thread.js'), join(folder, 'fetch.js'));
  writeFileSync(join(folder, 'reading-thread.js'), starting('fetch.js', './'));
}

/**
 * What one file imports from another becomes a constant. esbuild's CommonJS asks the other's getter each time instead: in
 * inner loops, that was 8 % of a run.
 */
function withFixedImports(code) {
  return code.replace(
    /^import \{([^}]*)\} from ("\.\/[^"]+");$/gm,
    (_, names, file) => `const {${names.replaceAll(' as ', ': ')}} = require(${file});`,
  );
}

/**
 * Makes one file of what is loaded together: finding, reading and taking some seventy one by one were a sixth of the time
 * that a log of ten lines took beyond Node's own. A module in it runs when it is asked for first; the files that they were
 * ask for it, for others' sake.
 */
async function joinTogether(folder, outputs) {
  const done = closure(outputs, ['bin/mirrormon.ts']);
  for (const [name, entryPoints] of Object.entries(together)) {
    const files = [...closure(outputs, entryPoints)].filter((file) => !done.has(file));
    for (const file of files) done.add(file);
    await joinFiles(
      folder,
      `together-${name}.js`,
      files.map((file) => basename(file)),
    );
  }
}

async function joinFiles(folder, joined, names) {
  const modules = names.map((name) => {
    const code = readFileSync(join(folder, name), 'utf8').replace(moduleUrl, '');
    return `${JSON.stringify(name)}(module, require) {\n${code}},\n`;
  });
  const { code } = await transform(
    `const made = {};
const modules = {
${modules.join('')}};
const ours = (path) => (modules[path.slice(2)] === undefined ? require(path) : exports.load(path.slice(2)));
exports.load = (name) => {
  if (made[name] === undefined) {
    made[name] = { exports: {} };
    modules[name](made[name], ours);
  }
  return made[name].exports;
};
`,
    { platform: 'node', target: common.target, minifyWhitespace: true, logLevel: 'warning' },
  );
  writeFileSync(join(folder, joined), `${moduleUrl}\n${code}`);
  for (const name of names) {
    writeFileSync(
      join(folder, name),
      `module.exports = require('./${joined}').load(${JSON.stringify(name)});\n`,
    );
  }
}

/** The files that are made of entry points, and all that they import at once. */
function closure(outputs, entryPoints) {
  const files = new Set();
  const visit = (file) => {
    if (files.has(file) || outputs[file] === undefined) return;
    files.add(file);
    for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') visit(path);
  };
  for (const [file, { entryPoint }] of Object.entries(outputs))
    if (entryPoints.includes(entryPoint)) visit(file);
  return files;
}

/** Files that import one another would find constants that are not there yet. */
function refuseCycles(outputs) {
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) throw new Error(`the bundle has a cycle: ${[...path, file].join(' -> ')}`);
    if (done.has(file) || outputs[file] === undefined) return;
    for (const { path: imported, kind } of outputs[file].imports) {
      if (kind === 'import-statement') visit(imported, [...path, file]);
    }
    done.add(file);
  };
  for (const file of Object.keys(outputs)) visit(file, []);
}

function externals() {
  const { dependencies, peerDependencies } = readJson('package.json');
  return Object.keys({ ...dependencies, ...peerDependencies })
    .filter((name) => !bundled.includes(name))
    .flatMap((name) => [name, `${name}/*`]);
}

/** The terms of the packages that files come from: whoever passes their code on must pass these on, too. */
function licences(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = readJson(join(folder, 'package.json'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${folder} has no licence to pass on`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
