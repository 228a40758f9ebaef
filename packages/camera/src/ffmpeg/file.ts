import { SextantError } from '@sextant/core';
import type { Picture, ReadContext } from '../stream/picture.js';
import { fileUrl, probeFile } from './probe.js';
import { FfmpegReader, RGB_FILTER } from './reader.js';
import type { FfmpegOutcome } from './reader.js';
import { ffmpegTool } from './tool.js';

/** Reads any video file through ffmpeg: upright, with the file's own stamps. */
export async function* readWithFfmpeg(path: string, ffmpeg: string | undefined, context: ReadContext): AsyncGenerator<Picture> {
  const tool = await ffmpegTool(ffmpeg);
  const { signal, start } = context;
  const skip = start > 0 ? `select=gte(n\\,${start}),` : '';
  // V leaves out cover pictures of audio files; without -map the sound would have to be decoded.
  const reader = new FfmpegReader(tool, ['-i', fileUrl(path), '-map', '0:V:0', '-vf', `${skip}${RGB_FILTER}`], { name: path, maxPixels: context.maxPixels, signal });
  let index = start;
  try {
    for await (const { stamp, width, height, rgb } of reader.frames()) {
      if (signal.aborted) return;
      yield { index, stamp: stamp < 0n ? 0n : stamp, width, height, rgb };
      index += 1;
    }
    const outcome = await reader.outcome;
    if (!signal.aborted && (outcome.code !== 0 || outcome.errors > 0)) await judge(path, ffmpeg, index, outcome, context);
  } finally {
    reader.kill();
  }
}

/** Decides what ffmpeg's complaints mean: an end too early, a blemish, or no video at all. */
async function judge(path: string, ffmpeg: string | undefined, decoded: number, outcome: FfmpegOutcome, context: ReadContext): Promise<void> {
  const facts = await probeFile(path, ffmpeg).catch(() => undefined);
  const expected = facts?.frames;
  const details = { file: path, decoded, expected, exitCode: outcome.code, signal: outcome.signal, errors: outcome.errors, stderr: outcome.tail.join('\n') };
  if (outcome.signal !== null) {
    throw new SextantError('source-ended', `ffmpeg was ended by ${outcome.signal} while reading ${path}, after ${decoded} pictures`, {
      hint: 'Find out who ended it: the system does so when memory is short.',
      details,
    });
  }
  const nothing = decoded === 0;
  if (nothing || (expected !== undefined ? decoded * 2 < expected : outcome.code !== 0)) {
    const of = expected === undefined ? '' : ` of ${expected}`;
    const why = outcome.tail.findLast((line) => /\[(error|fatal)\]/.test(line)) ?? `ffmpeg exited with ${outcome.code}`;
    throw new SextantError('source-corrupt', nothing ? `${path} cannot be decoded as a video: ${why}` : `${path} is damaged: ${decoded}${of} pictures decoded; ${why}`, {
      hint: 'Copy or record the file again; the pictures before the damage were delivered.',
      details,
    });
  }
  const short = expected !== undefined && decoded < expected;
  context.onIssue({
    kind: short ? 'truncated' : 'decode-errors',
    message: short ? `${path} ends early: ${decoded} of ${expected} pictures` : `${path} was decoded with ${outcome.errors} complaints of ffmpeg`,
    index: decoded,
    details,
  });
}
