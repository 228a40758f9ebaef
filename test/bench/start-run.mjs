import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts `sextant run` on the simulated camera and a free port; `stats` grows by its lines of figures. Resolves when it is ready. */
export async function startRun() {
  const command = fileURLToPath(new URL('../../packages/cli/bin/sextant.js', import.meta.url));
  const server = spawn(process.execPath, [command, 'run', '--json', '--port', '0', '--source', 'sim:36', '--ros', 'off', '--device', 'cpu'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stats = [];
  const url = await new Promise((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'ready') resolve(event.url);
      if (event.event === 'stats') stats.push(event);
      if (event.event === 'error') console.error(line);
    });
  });
  return { server, url, stats };
}
