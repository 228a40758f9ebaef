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
        duration: z.coerce.number().optional(),
        side_data_list: z.array(z.object({ rotation: z.coerce.number().optional() })).optional(),
      }),
    )
    .min(1),
  format: z.object({ duration: z.coerce.number().optional() }).optional(),
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
  const seconds = stream.duration ?? parsed.data.format?.duration;
  const frames = stream.nb_frames ?? (seconds !== undefined && fps !== undefined ? Math.round(seconds * fps) : undefined);
  return { codec: stream.codec_name ?? 'unknown', width, height, ...(fps !== undefined && { fps }), ...(frames !== undefined && { frames }) };
}

function noVideo(path: string, reason: string, cause: unknown): SextantError {
  return new SextantError('source-corrupt', `${path} cannot be decoded as a video: ${reason.trim().split('\n').at(-1) ?? ''}`, {
    hint: 'Check that the file is a video and was copied whole.',
    details: { path, stderr: reason.trim() },
    cause,
  });
}
