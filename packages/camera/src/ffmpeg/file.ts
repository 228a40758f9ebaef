import { SextantError } from '@sextant/core';
import type { Picture, ReadContext } from '../stream/picture.js';
import { fileUrl, probeFile } from './probe.js';
import type { VideoFacts } from './probe.js';
import { FfmpegReader, RGB_FILTER } from './reader.js';
import type { FfmpegOutcome } from './reader.js';
import { ffmpegTool } from './tool.js';

/** What was decoded of a file; `decoded` counts what an earlier run delivered. */
interface Seen {
  decoded: number;
  /** Seconds of the last picture. */
  last?: number;
  /** Seconds between two pictures at most. */
  longest: number;
}

/** Reads any video file through ffmpeg: upright, with the file's own stamps. */
export async function* readWithFfmpeg(path: string, ffmpeg: string | undefined, context: ReadContext): AsyncGenerator<Picture> {
  const tool = await ffmpegTool(ffmpeg);
  const { signal, start, skip } = context;
  // V leaves out cover pictures of audio files; without -map the sound would have to be decoded.
  const reader = new FfmpegReader(tool, ['-i', fileUrl(path), '-map', '0:V:0', '-vf', `${selection(start, skip)}${RGB_FILTER}`], { name: path, maxPixels: context.maxPixels, signal });
  const seen: Seen = { decoded: start, longest: 0 };
  try {
    for await (const { stamp, index = seen.decoded, width, height, rgb } of reader.frames()) {
      if (signal.aborted) return;
      const seconds = Number(stamp) / 1e9;
      seen.longest = Math.max(seen.longest, seconds - (seen.last ?? seconds));
      seen.last = seconds;
      const { first } = reader.decoded ?? {};
      yield { index, stamp: fromZero(stamp), ...(first !== undefined && { origin: fromZero(first) }), width, height, rgb };
      seen.decoded = index + 1;
    }
    const outcome = await reader.outcome;
    const { decoded } = reader;
    if (decoded !== undefined && decoded.frames > seen.decoded) {
      [seen.decoded, seen.last] = [decoded.frames, Number(decoded.last) / 1e9];
      context.leftOut(decoded.last - decoded.first);
    }
    if (!signal.aborted && (outcome.code !== 0 || outcome.errors > 0)) await judge(path, ffmpeg, seen, outcome, context);
  } finally {
    reader.kill();
  }
}

const fromZero = (stamp: bigint): bigint => (stamp < 0n ? 0n : stamp);

/** How much before `skip` frames are let through, seconds: ffmpeg reckons in doubles, the stamps decide. */
const MARGIN = 0.001;

/** The filters that leave out what nobody wants: first of all, so that it is neither converted nor piped. What is left out by time is counted before, for the others' places. */
function selection(start: number, skip: bigint): string {
  const from = start > 0 ? `gte(n\\,${start})` : '1';
  if (skip > 0n) return `showinfo=checksum=0,select=${from}*(isnan(pts)+gte((pts-start_pts)*TB\\,${Number(skip) / 1e9 - MARGIN})),`;
  return start > 0 ? `select=${from},` : '';
}

/** Decides what ffmpeg's complaints mean: an end too early, a blemish, or no video at all. */
async function judge(path: string, ffmpeg: string | undefined, seen: Seen, outcome: FfmpegOutcome, context: ReadContext): Promise<void> {
  const facts = await probeFile(path, ffmpeg).catch(() => undefined);
  const { decoded, last } = seen;
  const came = facts && partThatCame(facts, seen);
  const details = {
    file: path, decoded, expected: facts?.framesEstimated ? undefined : facts?.frames, lastSeconds: last, endSeconds: facts?.span?.[1],
    exitCode: outcome.code, signal: outcome.signal, errors: outcome.errors, stderr: outcome.tail.join('\n'),
  };
  if (outcome.signal !== null) {
    throw new SextantError('source-ended', `ffmpeg was ended by ${outcome.signal} while reading ${path}, after ${decoded} pictures`, {
      hint: 'Find out who ended it: the system does so when memory is short.',
      details,
    });
  }
  const nothing = decoded === 0;
  const amount = came?.words ?? `${decoded} pictures`;
  if (nothing || (came ? came.part < 0.5 : outcome.code !== 0)) {
    const why = outcome.tail.findLast((line) => /\[(error|fatal)\]/.test(line)) ?? `ffmpeg exited with ${outcome.code}`;
    throw new SextantError('source-corrupt', nothing ? `${path} cannot be decoded as a video: ${why}` : `${path} is damaged: ${amount} decoded; ${why}`, {
      hint: 'Copy or record the file again; the pictures before the damage were delivered.',
      details,
    });
  }
  const short = came !== undefined && came.part < 1;
  context.onIssue({
    kind: short ? 'truncated' : 'decode-errors',
    message: short ? `${path} ends early: ${amount}` : `${path} was decoded with ${outcome.errors} complaints of ffmpeg`,
    index: decoded,
    details,
  });
}

/** How much of a file was decoded: by the pictures where the file has a count of them, else by the last one's time; undefined where the file claims neither. */
function partThatCame({ frames, framesEstimated, fps = 30, span }: VideoFacts, { decoded, last, longest }: Seen): { readonly part: number; readonly words: string } | undefined {
  if (frames !== undefined && !framesEstimated) return { part: decoded / frames, words: `${decoded} of ${frames} pictures` };
  if (span === undefined || last === undefined) return undefined;
  const [start, end] = span;
  // How long the last picture is shown no stamp says; where the rate varies, as long as any other.
  const reached = last + 1.5 * Math.max(longest, 1 / fps) >= end;
  return { part: reached ? 1 : (last - start) / (end - start), words: `${(last - start).toFixed(1)} of ${(end - start).toFixed(1)} s` };
}
