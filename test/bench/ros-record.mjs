// Records every topic (zstd chunks) for a while, kills the recorder with SIGKILL and reads the file back with the independent reader of
// Python (mcap, mcap-ros2-support): every chunk that is whole must decode, no message may be missing before the last, and what
// is lost at the end must be the last second and what was being written.
//   node test/bench/ros-record.mjs --python <python with mcap and mcap-ros2-support> [--seconds 600] [--hz 10] [--folder <where>] [--json]
// Needs built packages. 10 Hz of 640x480 pictures with 256x192 maps are some 25 MB a second of disk. See scripts/checks/53-record-killed.sh.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const argument = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const json = process.argv.includes('--json');
const [seconds, hz] = [Number(argument('--seconds', '600')), Number(argument('--hz', '10'))];
const python = argument('--python', 'python3');
const folder = mkdtempSync(join(argument('--folder', tmpdir()), 'sextant-record-'));
const path = join(folder, 'killed.mcap');

try {
  const child = fork(new URL('./ros-record-writer.mjs', import.meta.url), [path, String(hz)]);
  let last;
  let early;
  child.on('message', (told) => {
    last = told;
    if (early === undefined && told.frames > 5 * hz) early = told;
  });
  const gone = once(child, 'exit');
  await Promise.race([new Promise((resolve) => setTimeout(resolve, seconds * 1000)), gone]);
  child.kill('SIGKILL');
  const [code, signal] = await gone;
  if (signal !== 'SIGKILL') throw new Error(`the recorder ended by itself (exit ${code})`);
  const read = spawnSync(python, [fileURLToPath(new URL('./ros-record-read.py', import.meta.url)), path], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (read.status !== 0) throw new Error(`the reader failed: ${read.stderr}${read.stdout}`);
  const found = JSON.parse(read.stdout);
  const { messages: pictures, lastStamp } = found.topics['/sextant/rgb/image_raw'];
  const dropped = Object.values(last.dropped).reduce((sum, n) => sum + n, 0);
  const result = {
    seconds, hz, hardware: `${cpus()[0].model} x ${cpus().length}`, mebibytes: Math.round(statSync(path).size / 2 ** 20), frames: last.frames, pictures,
    lostSeconds: Math.max(0, Math.round((last.stamp - lastStamp) / 1e7) / 100), rssMiB: { early: Math.round((early ?? last).rss / 2 ** 20), end: Math.round(last.rss / 2 ** 20) }, dropped: last.dropped, ...found,
  };
  if (json) console.log(JSON.stringify({ event: 'bench', bench: 'ros-record', ...result }));
  else {
    console.log(`${result.hardware}: ${seconds} s at ${hz} Hz, ${result.mebibytes} MiB, killed by SIGKILL after ${last.frames} frames`);
    console.log(`the Python reader found ${found.messages} messages on ${Object.keys(found.topics).length} topics in ${found.chunks} chunks, decoded ${found.decoded}, gaps ${found.gaps}; the end of the file: ${found.end}`);
    console.log(`lost at the end: ${result.lostSeconds} s; memory of the recorder ${result.rssMiB.early} -> ${result.rssMiB.end} MiB; dropped ${JSON.stringify(last.dropped)}`);
  }
  // A chunk of a second, and what waits for the disk; what a slow disk or thread made the recorder drop it has counted.
  if (found.gaps > dropped || (dropped === 0 && result.lostSeconds > 5) || found.decoded === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
