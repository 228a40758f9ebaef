import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';

/** Whether the real ffmpeg is here; its tests say why they are skipped where it is not. */
export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** `describe` for tests that need ffmpeg and ffprobe. */
export const describeWithFfmpeg = (name: string, body: () => void): void =>
  hasFfmpeg ? describe(name, body) : describe.skip(`${name} (skipped: ffmpeg is not installed)`, body);

/** Makes a video file with the real ffmpeg. */
export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio: 'ignore' });
}

/**
 * A stand-in for the ffmpeg executable that behaves as `script` says (the body of an async function with `frame(n,
 * value)` to write one 4x2 frame of a grey value with its note, `say(line)` for the log, `sleep(ms)` and `runs`, how
 * often it was started before); it says that it is `version`. Tests of reconnection and process care need a camera that fails on cue.
 */
export function fakeFfmpeg(folder: string, script: string, version = '6.0'): string {
  const path = join(folder, `ffmpeg-${Math.random().toString(36).slice(2)}`);
  writeFileSync(
    path,
    `#!${process.execPath}
const fs = require('node:fs');
if (process.argv.includes('-version')) { console.log('ffmpeg version ${version}'); process.exit(0); }
const log = ${JSON.stringify(path)} + '.log';
const runs = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\\n').length : 0;
fs.appendFileSync(log, process.pid + ' ' + JSON.stringify(process.argv.slice(2)) + '\\n');
const say = (line) => fs.writeSync(2, line + '\\n');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
say('[Parsed_showinfo_1 @ 0x1] [info] config in time_base: 1/1000, frame_rate: 25/1');
const frame = (n, value) => {
  say('[Parsed_showinfo_1 @ 0x1] [info] n:' + n + ' pts: ' + n * 40 + ' pts_time:0 fmt:rgb24 sar:1/1 s:4x2 i:P');
  fs.writeSync(1, Buffer.alloc(24, value));
};
(async () => { ${script} })();
`,
  );
  chmodSync(path, 0o755);
  return path;
}
