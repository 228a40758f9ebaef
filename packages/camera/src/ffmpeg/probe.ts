import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SextantError } from '@sextant/core';
import { z } from 'zod';
import { ffmpegTool, toolMissing } from './tool.js';

const run = promisify(execFile);

const ratio = z.string().transform((text) => {
  const [num = 0, den = 1] = text.split('/').map(Number);
  return den > 0 ? num / den : 0;
});

/** Seconds of a tag like 00:01:02.500000000. */
const clockTime = z.string().transform((text) => {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):([\d.]+)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
});

const report = z.object({
  streams: z
    .array(
      z.object({
        codec_name: z.string().optional(),
        width: z.int().positive(),
        height: z.int().positive(),
        avg_frame_rate: ratio,
        r_frame_rate: ratio,
        nb_frames: z.coerce.number().int().optional(),
        start_time: z.coerce.number().optional(),
        duration: z.coerce.number().optional(),
        tags: z.object({ DURATION: clockTime.optional() }).optional(),
        side_data_list: z.array(z.object({ rotation: z.coerce.number().optional() })).optional(),
      }),
    )
    .min(1),
  format: z.object({ start_time: z.coerce.number().optional(), duration: z.coerce.number().optional() }).optional(),
});

/** What ffprobe knows of a video file. */
export interface VideoFacts {
  readonly codec: string;
  /** As shown: a rotation noted in the file is applied. */
  readonly width: number;
  readonly height: number;
  readonly fps?: number;
  /** As counted in the file's index, or from duration and rate; absent where neither is known. */
  readonly frames?: number;
  /** `frames` is no count: there is none, or the file plays another length than it was counted for (a clip trimmed without coding it anew). */
  readonly framesEstimated?: true;
  /** Seconds at which the first picture begins and the last one ends, on the clock of the decoder's stamps, as the file claims; absent where it does not. */
  readonly span?: readonly [start: number, end: number];
}

/** A path as ffmpeg takes it, whatever it starts with or contains. */
export const fileUrl = (path: string): string => `file:${path}`;

/**
 * Asks ffprobe about the first video stream of a file.
 * @throws SextantError `tool-missing`, or `source-corrupt` for what is no video.
 */
export async function probeFile(path: string, ffmpeg?: string): Promise<VideoFacts> {
  const tool = await ffmpegTool(ffmpeg);
  const args = ['-v', 'error', '-print_format', 'json', '-select_streams', 'V:0', '-show_streams', '-show_format', fileUrl(path)];
  let text: string;
  try {
    text = (await run(tool.probePath, args, { timeout: 60_000, maxBuffer: 1 << 24 })).stdout;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw toolMissing(tool.probePath, cause);
    throw noVideo(path, (cause as { stderr?: string }).stderr ?? String(cause), cause);
  }
  const parsed = report.safeParse(JSON.parse(text));
  if (!parsed.success) throw noVideo(path, 'it has no video stream', parsed.error);
  const stream = parsed.data.streams[0];
  const turned = stream.side_data_list?.some((data) => Math.abs(data.rotation ?? 0) % 180 === 90) ?? false;
  const [width, height] = turned ? [stream.height, stream.width] : [stream.width, stream.height];
  const fps = stream.avg_frame_rate || stream.r_frame_rate || undefined;
  const claimed = claimedSpan(stream);
  const seconds = claimed?.seconds ?? stream.duration ?? parsed.data.format?.duration;
  // The decoder's clock starts with the first stream, which may be the sound.
  const start = (claimed?.start ?? 0) - (parsed.data.format?.start_time ?? 0);
  return {
    codec: stream.codec_name ?? 'unknown', width, height, ...(fps !== undefined && { fps }), ...frameCount(stream.nb_frames, seconds === undefined || fps === undefined ? undefined : Math.round(seconds * fps)),
    ...(claimed && { span: [start, start + claimed.seconds] as const }),
  };
}

/** When the stream starts and how long it is, where the container keeps that: MP4 and AVI beside their index, Matroska as a tag. What ffprobe measures of the rest says nothing of what is missing. */
function claimedSpan({ start_time: start = 0, duration, nb_frames: counted, tags }: z.infer<typeof report>['streams'][number]): { readonly start: number; readonly seconds: number } | undefined {
  if (counted !== undefined && duration !== undefined) return { start, seconds: duration };
  const end = tags?.DURATION; // counted from 0
  return end === undefined ? undefined : { start, seconds: end - start };
}

/** The index also counts pictures that an edit list leaves out: it holds only where the length agrees, and is never too low. */
function frameCount(counted: number | undefined, byLength: number | undefined): Pick<VideoFacts, 'frames' | 'framesEstimated'> {
  if (counted !== undefined && counted === byLength) return { frames: counted };
  const frames = Math.min(counted ?? Infinity, byLength ?? Infinity);
  return Number.isFinite(frames) ? { frames, framesEstimated: true } : {};
}

function noVideo(path: string, reason: string, cause: unknown): SextantError {
  return new SextantError('source-corrupt', `${path} cannot be decoded as a video: ${reason.trim().split('\n').at(-1) ?? ''}`, {
    hint: 'Check that the file is a video and was copied whole.',
    details: { path, stderr: reason.trim() },
    cause,
  });
}
