import { SextantError } from '@sextant/core';
import type { RgbImage } from '@sextant/core';
import { openCv } from '../calibration/opencv.js';
import type { OpenCv } from '../calibration/opencv.js';
import type { RosImage } from './ros-picture.js';

/** How OpenCV reads an encoding: its conversion to RGB, channels per cell of the matrix, rows of it per row of the picture, bits. */
interface Conversion {
  readonly code: keyof OpenCv;
  readonly channels: 1 | 2;
  readonly rows: number;
  readonly deep?: true;
}

/**
 * OpenCV names a Bayer pattern by the second row's second and third pixel, ROS by the first row's first two: rggb is Bayer_BG.
 * https://docs.opencv.org/4.x/de/d25/imgproc_color_conversions.html
 */
const BAYER: Readonly<Record<string, keyof OpenCv>> = {
  bayer_rggb: 'COLOR_BayerBG2RGB', bayer_bggr: 'COLOR_BayerRG2RGB', bayer_gbrg: 'COLOR_BayerGR2RGB', bayer_grbg: 'COLOR_BayerGB2RGB',
};

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  ...Object.fromEntries(Object.entries(BAYER).flatMap(([name, code]): [string, Conversion][] => [
    [`${name}8`, { code, channels: 1, rows: 1 }], [`${name}16`, { code, channels: 1, rows: 1, deep: true }],
  ])),
  // yuv422 is UYVY by definition; newer messages say uyvy and yuyv.
  yuv422: { code: 'COLOR_YUV2RGB_UYVY', channels: 2, rows: 1 },
  uyvy: { code: 'COLOR_YUV2RGB_UYVY', channels: 2, rows: 1 },
  yuv422_yuy2: { code: 'COLOR_YUV2RGB_YUY2', channels: 2, rows: 1 },
  yuyv: { code: 'COLOR_YUV2RGB_YUY2', channels: 2, rows: 1 },
  nv12: { code: 'COLOR_YUV2RGB_NV12', channels: 1, rows: 1.5 },
  nv21: { code: 'COLOR_YUV2RGB_NV21', channels: 1, rows: 1.5 },
};

/** True for Bayer and YUV encodings of sensor_msgs. */
export const isOpenCvEncoding = (encoding: string): boolean => Object.hasOwn(CONVERSIONS, encoding);

/** Bayer and YUV pictures as rgb8. @throws SextantError `source-corrupt` where the data do not fit the size. */
export async function convertWithOpenCv({ width, height, encoding, step, data, is_bigendian }: RosImage, name: string): Promise<RgbImage> {
  const { code, channels, rows, deep } = CONVERSIONS[encoding];
  const cell = channels * (deep ? 2 : 1);
  const lines = Math.floor(height * rows);
  const even = channels === 2 ? width % 2 === 0 : rows > 1 ? width % 2 === 0 && height % 2 === 0 : width > 1 && height > 1;
  if (!even || step < width * cell || data.length < step * (lines - 1) + width * cell) {
    throw new SextantError('source-corrupt', `${name}: ${data.length} bytes with a step of ${step} are no ${width}x${height} ${encoding} picture`, {
      hint: 'Look at the message with `ros2 topic echo --no-arr`, or record it again.', details: { topic: name, width, height, encoding, step, bytes: data.length },
    });
  }
  const { cv } = await openCv();
  const source = new cv.Mat(lines, width, channels === 2 ? cv.CV_8UC2 : cv.CV_8UC1);
  const out = new cv.Mat();
  try {
    const high = deep && !is_bigendian ? 1 : 0;
    for (let y = 0; y < lines; y += 1) {
      const row = source.data.subarray(y * width * channels, (y + 1) * width * channels);
      if (deep) for (let x = 0; x < width; x += 1) row[x] = data[y * step + 2 * x + high]; // the high byte: what is shown
      else row.set(data.subarray(y * step, y * step + width * channels));
    }
    cv.cvtColor(source, out, (cv as unknown as Readonly<Record<string, number>>)[code]);
    return { width, height, rgb: new Uint8Array(out.data) };
  } finally {
    source.delete();
    out.delete();
  }
}
