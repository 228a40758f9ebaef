// Builds every package, lowest room first, with tsup. `--fast` leaves the declarations out.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const fast = process.argv.includes('--fast');
const only = process.argv.slice(2).filter((a) => !a.startsWith('-'));
for (const workspace of workspaces) {
  if (only.length > 0 && !only.includes(workspace.split('/').pop())) continue;
  const started = Date.now();
  const run = spawnSync(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'], {
    cwd: join(root, workspace),
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...(fast ? { SEXTANT_DTS: '0' } : {}) },
  });
  if (run.status !== 0) {
    console.error(`build: ${workspace} failed (exit ${run.status ?? run.signal})`);
    process.exit(1);
  }
  console.error(`built ${workspace} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
