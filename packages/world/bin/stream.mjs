#!/usr/bin/env node
// The training pipe: binary records on stdout, what went wrong as lines of JSON on stderr. Needs the built package (npm run build).
// Exit code: 2 for a bad argument, 1 where every world failed or too many did, else 0.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { SextantError } from '@sextant/core';
import { isUnmetWish, loadAssets, records } from '../dist/index.js';
import { endWithReader, fail } from './pipe.mjs';

const USAGE = `usage: stream.mjs [--assets DIR] [--seed-start N] [--seed-step K] [--count M] [--width W --height H | --vary-size WxH,WxH]
                  [--frames 2] [--frame-step 1..4] [--instants 1] [--fps 30] [--supersampling 1|2] [--sensor] [--rig NAME]`;

function options() {
  const text = (d) => ({ type: 'string', ...(d === undefined ? {} : { default: d }) });
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        assets: text(), 'seed-start': text('0'), 'seed-step': text('1'), count: text('1'), width: text('160'), height: text('128'),
        'vary-size': text(), frames: text('2'), 'frame-step': text('1..4'), instants: text('1'), fps: text('30'), supersampling: text('2'), sensor: { type: 'boolean', default: false }, rig: text(),
      },
    }));
  } catch (error) {
    fail('bad-argument', error.message, USAGE);
  }
  const whole = (name, low) => {
    const value = Number(values[name]);
    if (!/^\d+$/.test(values[name]) || value < low) fail('bad-argument', `--${name} ${values[name]} is not a whole number from ${low}`, USAGE);
    return value;
  };
  const sizes = (values['vary-size'] ?? `${values.width}x${values.height}`).split(',').map((size) => {
    const match = /^(\d+)x(\d+)$/.exec(size.trim());
    if (!match) fail('bad-argument', `size ${JSON.stringify(size)} is not WxH`, USAGE);
    return [Number(match[1]), Number(match[2])];
  });
  const step = /^(\d+)(?:\.\.(\d+))?$/.exec(values['frame-step']);
  if (!step || Number(step[1]) < 1 || Number(step[2] ?? step[1]) < Number(step[1])) fail('bad-argument', `--frame-step ${values['frame-step']} is not N or N..M`, USAGE);
  return {
    folder: values.assets, sizes, seedStart: whole('seed-start', 0), seedStep: whole('seed-step', 1), count: whole('count', 1), frames: whole('frames', 1),
    frameStep: [Number(step[1]), Number(step[2] ?? step[1])], instants: whole('instants', 1), fps: whole('fps', 1), supersampling: whole('supersampling', 1), sensor: values.sensor,
    ...(values.rig === undefined ? {} : { wishes: { rig: values.rig } }),
  };
}

endWithReader();

try {
  const { folder, ...rest } = options();
  const assets = folder === undefined ? undefined : await loadAssets(folder);
  let failures = 0, unmet = 0;
  const report = (seed, error) => {
    const { code, message, hint } = SextantError.from(error);
    // The options are the same for every world: none would be made.
    if (code === 'bad-argument') throw error;
    // A seed whose places have nothing for the rig is no failure: the next one may.
    if (isUnmetWish(error)) return void unmet++;
    process.stderr.write(`${JSON.stringify({ event: 'error', code, seed, message: code === 'internal' ? String(error?.stack ?? error) : message, hint })}\n`);
    if (++failures > 50) throw error;
  };
  for (const record of records({ ...rest, ...(assets ? { assets } : {}) }, report)) {
    if (!process.stdout.write(record)) await once(process.stdout, 'drain');
  }
  if (failures + unmet === rest.count) process.exitCode = 1;
} catch (error) {
  const known = SextantError.from(error);
  fail(known.code, known.message, known.hint);
}
