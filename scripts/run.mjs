// `npm start` and `npm test` on a bare clone: installs and builds what is missing or out of date, then does it.
// Needs nothing but Node: npm runs it before there is a node_modules (and .npmrc switches pre-scripts off).
//   node scripts/run.mjs start [options of `sextant run`]
//   node scripts/run.mjs sextant <command> [options]
//   node scripts/run.mjs test [options of jest]
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [task, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Sextant needs Node 20 or newer; this is Node ${process.versions.node}. Install a current one from https://nodejs.org.`);
  process.exit(1);
}
if (!['start', 'sextant', 'test'].includes(task)) {
  console.error(`run: unknown task ${JSON.stringify(task ?? '')}; there are start, sextant <command> and test`);
  process.exit(2);
}
// npm passes SIGINT and SIGTERM on to the shell it put between, which dies of them and tells nobody: when that shell is
// gone, end as if the signal had come here, instead of staying behind with the port.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}
const { isBuilt, isInstalled, root, stampInstalled } = await import('./stamps.mjs');

/**
 * Runs a Node program to its end and resolves with its exit code. Its stdout goes to `stdout`; signals to this process
 * are passed on to it, and it decides what becomes of them.
 */
function node(argv, { stdout = 'inherit', env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['inherit', stdout, 'inherit'] });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // Ctrl-C in a terminal reaches the child by itself; twice would mean "at once".
    for (const signal of signals) process.on(signal, signal === 'SIGINT' && process.stdin.isTTY ? () => {} : forward);
    child.on('error', (error) => {
      console.error(`run: cannot start ${argv[0]}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code, signal) => {
      for (const name of signals) process.removeAllListeners(name);
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}

/** Does one step of the preparation; ends this process where it fails. Its output goes to stderr: stdout is the task's. */
async function step(what, argv, env) {
  const started = Date.now();
  console.error(`sextant: ${what} ...`);
  const code = await node(argv, { stdout: 2, env });
  if (code !== 0) {
    console.error(`sextant: ${what} failed (exit ${code})`);
    process.exit(code);
  }
  console.error(`sextant: ${what} took ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (!isInstalled()) {
  const npm = process.env.npm_execpath;
  if (npm === undefined || !/\.c?js$/.test(npm)) {
    console.error('sextant: packages are not installed. Run `npm ci` first, or start this through npm (npm start, npm test).');
    process.exit(1);
  }
  // Without these the outer npm's own settings (its script, its --loglevel) would leak into the inner one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command|config_argv)/.test(name)));
  await step('installing packages (npm ci)', [npm, 'ci', '--no-audit', '--no-fund'], env);
}
stampInstalled();
if (!isBuilt()) await step('building', [join(root, 'scripts/build.mjs'), '--fast']);

if (task === 'test') {
  process.exitCode = await node(['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', join(root, 'node_modules/jest/bin/jest.js'), ...args]);
} else {
  // In this very process: its signals, its exit code and its pid are the command's.
  const command = join(root, 'packages/cli/bin/sextant.js');
  process.argv = [process.execPath, command, ...(task === 'start' ? ['run', ...args] : args)];
  await import(pathToFileURL(command).href);
}
