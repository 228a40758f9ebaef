import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { readdir } from 'node:fs/promises';
import { arch, availableParallelism, freemem, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { listDevices } from '@sextant/model';
import { ok } from './check.js';
import type { Check, Finding } from './check.js';
import { models } from './models.js';
import { ros } from './ros.js';

const run = promisify(execFile);
const GIBIBYTE = 2 ** 30;

const node: Check = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const message = `Node ${process.versions.node} on ${platform()} ${arch()}, ${availableParallelism()} cores`;
  const fine = major > 20 || (major === 20 && minor >= 19);
  return Promise.resolve([fine ? ok('node', message) : { name: 'node', status: 'fail', message, hint: 'Install Node 20.19 or newer from https://nodejs.org.' }]);
};

const memory: Check = () => {
  const message = `${(freemem() / GIBIBYTE).toFixed(1)} of ${(totalmem() / GIBIBYTE).toFixed(1)} GiB free`;
  const enough = freemem() > GIBIBYTE / 2;
  return Promise.resolve([enough ? ok('memory', message) : { name: 'memory', status: 'warn', message, hint: 'A run takes about half a gibibyte: close something.' }]);
};

/** Packages with native parts: where they load, the installation is whole. */
const packages: Check = async () => {
  const load: Readonly<Record<string, () => Promise<string>>> = {
    sharp: async () => (await import('sharp')).default.versions.vips,
    'onnxruntime-node': async () => (await listDevices()).filter((d) => d.supported).map((d) => d.device).join(', '),
  };
  return Promise.all(
    Object.entries(load).map(async ([name, version]): Promise<Finding> => {
      try {
        return ok(name, `loads (${await version()})`);
      } catch (error) {
        return { name, status: 'fail', message: `does not load: ${firstLine(error)}`, hint: 'Install again: npm ci. Prebuilt files exist for Linux x64 and arm64, macOS and Windows.' };
      }
    }),
  );
};

const devices: Check = async () => {
  const listed = await listDevices().catch(() => []);
  return listed.map(({ device, supported, bundled }): Finding => {
    const name = `device ${device}`;
    if (supported && bundled) return ok(name, device === 'cpu' ? 'available' : 'in this onnxruntime; whether it works shows when a model is loaded on it');
    const hint = device === 'cuda' ? 'Only for NVIDIA GPUs: ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install' : 'Use --device auto or cpu.';
    return { name, status: device === 'cpu' ? 'fail' : 'warn', message: supported ? 'supported, but its libraries are not installed' : 'not in this onnxruntime', hint };
  });
};

const ffmpeg: Check = async () => {
  const path = process.env.SEXTANT_FFMPEG ?? 'ffmpeg';
  try {
    const { stdout } = await run(path, ['-hide_banner', '-version'], { timeout: 10_000 });
    return [ok('ffmpeg', stdout.split('\n')[0].slice(0, 80))];
  } catch {
    const hint = 'For MP4 and other videos, cameras and preview.mp4: apt-get install ffmpeg (macOS: brew install ffmpeg). Pictures, MJPEG and Y4M need nothing.';
    return [{ name: 'ffmpeg', status: 'warn', message: `'${path}' cannot be run`, hint }];
  }
};

const cameras: Check = async () => {
  if (platform() !== 'linux') return [];
  const names = (await readdir('/dev').catch(() => [] as string[])).filter((name) => /^video\d+$/.test(name));
  if (names.length > 0) return [ok('cameras', names.map((name) => `v4l2:/dev/${name}`).join(', '))];
  return [{ name: 'cameras', status: 'warn', message: 'no /dev/video*', hint: 'Plug a camera in, or use sim:, a video, a folder or rtsp://.' }];
};

/** Whether `sextant run` could listen on a port of this machine. */
function port(number: number): Check {
  return () =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => {
        const message = error.code === 'EADDRINUSE' ? `${number} is in use` : error.message;
        resolve([{ name: 'port', status: 'warn', message, hint: `Stop what listens there, or run with --port ${number === 65_535 ? 0 : number + 1}.` }]);
      });
      server.listen(number, '127.0.0.1', () => {
        server.close(() => {
          resolve([ok('port', `${number} is free`)]);
        });
      });
    });
}

/** Everything the doctor looks at, in the order it tells. */
export const checks = (portNumber: number): readonly Check[] => [node, memory, packages, devices, models, ffmpeg, cameras, () => ros(), port(portNumber)];

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
