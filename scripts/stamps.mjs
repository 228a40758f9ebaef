// What `run.mjs` and `build.mjs` know about the state of a checkout: is it installed, is it built?
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installStamp = join(root, 'node_modules/.install-stamp');
const buildStamp = join(root, '.stamps/build');

/** The workspaces' folders, lowest room first. */
export const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : -1);

/** Changes when `npm ci` would install something else: the lockfile, Node, or the machine. */
function installHash() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  hash.update(`${process.version} ${process.platform} ${process.arch}`);
  return hash.digest('hex');
}

/**
 * True when node_modules is what the lockfile asks for: by our stamp, or because somebody ran npm by hand since the
 * lockfile last changed (npm's own copy of the lockfile is then the newest) and the tools of the build are there.
 */
export function isInstalled() {
  if (read(installStamp) === installHash()) return true;
  const byHand = modified(join(root, 'node_modules/.package-lock.json'));
  const tools = ['tsup', 'jest', 'typescript'].every((name) => existsSync(join(root, 'node_modules', name, 'package.json')));
  return tools && byHand >= modified(join(root, 'package-lock.json')) && byHand > modified(installStamp);
}

/** Notes that node_modules is what the lockfile asks for. */
export function stampInstalled() {
  writeFileSync(installStamp, installHash());
}

/** Every file the build reads: path, size and time of modification. */
function* sources(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== 'dist' && entry.name !== 'node_modules' && entry.name !== 'test') yield* sources(path);
    } else if (!/\.(test\.ts|md)$/.test(entry.name)) {
      const { size, mtimeMs } = statSync(join(root, path));
      yield `${path}:${size}:${mtimeMs}`;
    }
  }
}

/** Changes when a build would read something else. */
export function buildHash() {
  const hash = createHash('sha256').update(installHash());
  for (const path of ['tsconfig.base.json', 'scripts/tsup.mjs', 'scripts/build.mjs']) hash.update(read(join(root, path)));
  for (const workspace of workspaces) for (const line of [...sources(workspace)].sort()) hash.update(line);
  return hash.digest('hex');
}

/** True when every package's dist was built, with or without declarations, from the sources as they are. */
export function isBuilt() {
  return read(buildStamp) === buildHash() && workspaces.every((w) => ['index.js', 'index.html'].some((file) => existsSync(join(root, w, 'dist', file))));
}

/** Notes that all packages were built from the sources of `hash`, taken before the build began. */
export function stampBuilt(hash) {
  mkdirSync(dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, hash);
}
