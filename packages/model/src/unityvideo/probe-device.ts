import { SextantError } from '@sextant/core';
import * as ort from 'onnxruntime-node';
import { sessionOptions, type DeviceName } from '../runtime/device.js';

/** y = -x, as ONNX: enough to make onnxruntime load a device's libraries and start its driver. */
const NEGATE = 'CAg6MgoLCgF4EgF5IgNOZWcSAXBaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAN';

/**
 * Runs a graph of one operation on a device, in this process: a driver that crashes takes it along, so use it in a worker.
 * @throws SextantError `device-unavailable` with onnxruntime's reason.
 */
export async function probeDevice(device: DeviceName): Promise<void> {
  try {
    const session = await ort.InferenceSession.create(Buffer.from(NEGATE, 'base64'), sessionOptions(device, 1));
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(3), [1]) });
    await session.release();
    if ((y.data as Float32Array)[0] !== -3) throw new Error(`it says that -3 is ${String((y.data as Float32Array)[0])}`);
  } catch (cause) {
    throw new SextantError('device-unavailable', `${device} does not work here: ${(cause as Error).message.split('\n')[0]}`, {
      hint: device === 'cuda' ? 'Install onnxruntime\'s CUDA libraries (docs/unityvideo.md), or use --device cpu.' : 'Use --device cpu.', details: { device }, cause,
    });
  }
}
