import { pictureRate } from './bag/recorded-pictures.js';
import { Recording } from './bag/recording.js';
import { probeAvi } from './formats/avi.js';
import { ByteReader, openFile } from './formats/byte-reader.js';
import { nextJpeg } from './formats/jpeg-stream.js';
import { pictureSize } from './formats/picture-decoder.js';
import { probeY4m } from './formats/y4m.js';
import { probeFile } from './ffmpeg/probe.js';
import type { SourceOptions } from './open-source.js';
import { pathKind } from './open-source.js';
import { parseSourceSpec } from './source-spec.js';
import { chooseTopic } from './sources/bag.js';
import { listPictures } from './sources/pictures.js';
import { SIM_DEFAULTS } from './sources/simulated.js';
import { videoFormat } from './sources/video.js';

/** What can be known of a source before it is played. What is absent cannot. */
export interface SourceInfo {
  readonly kind: 'sim' | 'pictures' | 'video' | 'bag' | 'v4l2' | 'rtsp' | 'ros';
  /** It has no end of its own and cannot be played faster than time. */
  readonly live: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  /** Pictures in all, as its index or its length claims; for a progress bar, not for a loop. */
  readonly frames?: number;
  /** `frames` is reckoned from length and rate: there may be more or fewer (a variable rate, a clip trimmed without coding it anew). */
  readonly framesEstimated?: true;
  /** `y4m`, `mjpeg`, or the name ffmpeg gives the codec. */
  readonly codec?: string;
}

async function probePictures(path: string, fps = 30): Promise<SourceInfo> {
  const paths = await listPictures(path);
  for (const file of paths) {
    const size = await pictureSize(file).catch(() => undefined);
    if (size !== undefined) return { kind: 'pictures', live: false, ...size, fps, frames: paths.length };
  }
  return { kind: 'pictures', live: false, fps, frames: paths.length };
}

async function probeBag(path: string, topic?: string): Promise<SourceInfo> {
  const recording = await Recording.open(path);
  const { topic: chosen, messages } = chooseTopic(path, recording.topics, topic);
  const fps = await pictureRate(recording, chosen);
  return { kind: 'bag', live: false, ...(fps !== undefined && { fps }), ...(messages !== undefined && { frames: messages }) };
}

async function probeVideo(path: string, ffmpeg: string | undefined): Promise<SourceInfo> {
  const about = { kind: 'video', live: false } as const;
  switch (await videoFormat(path)) {
    case 'y4m': {
      const { width, height, rate, frames } = await probeY4m(path);
      return { ...about, width, height, fps: rate[0] / rate[1], frames, codec: 'y4m' };
    }
    case 'avi-mjpeg': {
      const header = await probeAvi(path);
      return { ...about, codec: 'mjpeg', ...(header && { width: header.width, height: header.height, fps: header.fps, ...(header.frames > 0 && { frames: header.frames }) }) };
    }
    case 'mjpeg': {
      const file = await openFile(path);
      try {
        const first = await nextJpeg(new ByteReader(file, path, 1 << 28));
        const size = first && (await pictureSize(first.bytes).catch(() => undefined));
        return { ...about, codec: 'mjpeg', ...size };
      } finally {
        await file.close();
      }
    }
    case 'ffmpeg': {
      const { codec, width, height, fps, frames, framesEstimated } = await probeFile(path, ffmpeg);
      return { ...about, codec, width, height, ...(fps !== undefined && { fps }), ...(frames !== undefined && { frames }), ...(framesEstimated && { framesEstimated }) };
    }
  }
}

/**
 * Says what is known of a source without playing it: size, rate, length. Cameras are not opened.
 *
 * @throws SextantError the same as the source itself would.
 */
export async function probeSource(spec: string, options: SourceOptions = {}): Promise<SourceInfo> {
  const source = parseSourceSpec(spec);
  switch (source.kind) {
    case 'sim':
      return { kind: 'sim', live: true, width: options.width ?? SIM_DEFAULTS.width, height: options.height ?? SIM_DEFAULTS.height, fps: options.rate ?? SIM_DEFAULTS.fps };
    case 'pictures':
      return probePictures(source.path, options.rate);
    case 'bag':
      return probeBag(source.path, source.topic);
    case 'v4l2':
    case 'rtsp':
    case 'ros':
      return { kind: source.kind, live: true };
    case 'path': {
      const kind = await pathKind(source.path);
      if (kind === 'bag') return probeBag(source.path);
      return kind === 'pictures' ? probePictures(source.path, options.rate) : probeVideo(source.path, options.ffmpeg);
    }
  }
}
