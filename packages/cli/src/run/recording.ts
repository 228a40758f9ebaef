import { stat } from 'node:fs/promises';
import { formatCameraInfo } from '@sextant/camera';
import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { McapRecorder } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';

/** The recording of one run, with the model's manifest and the camera's calibration attached. */
export class Recording {
  #calibrated = false;

  private constructor(private readonly recorder: McapRecorder) {}

  /** Starts the recording; where that fails, or fails later, it is told once and the run goes on without. */
  static async start(path: string, compression: 'zstd' | 'none', bridge: RosBridge, told: (error: SextantError) => void): Promise<Recording | undefined> {
    try {
      const recorder = bridge.attach(await McapRecorder.open(path, { compression }));
      recorder.errors$.subscribe(told);
      return new Recording(recorder);
    } catch (error) {
      told(SextantError.from(error));
      return undefined;
    }
  }

  /** Whether a recording at `path` empties a file that is there. */
  static replaces(path: string): Promise<boolean> {
    return stat(path).then((found) => found.isFile(), () => false);
  }

  get messages(): number {
    return this.recorder.messages;
  }

  /** What was recorded came from this model. */
  manifest(manifest: unknown): void {
    this.attach('manifest.json', 'application/json', `${JSON.stringify(manifest, null, 1)}\n`);
  }

  /** The camera of the first frame that has one: with its lens, as the pictures and the camera_info of `rgb/` are recorded. */
  calibration(frame: Frame): void {
    const camera = frame.raw?.camera ?? frame.camera;
    if (this.#calibrated || camera === undefined) return;
    this.#calibrated = true;
    this.attach('camera_info.yaml', 'application/yaml', formatCameraInfo(camera));
  }

  private attach(name: string, mediaType: string, text: string): void {
    this.recorder.addAttachment({ name, mediaType, data: new TextEncoder().encode(text) });
  }
}
