import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, frame } from '../test/helpers.js';
import { loadModel } from './load-model.js';

/** SwiftShader, a Vulkan device in software, of Debian's chromium package. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
// Skipped where it is not installed: WebGPU then depends on this machine's graphics card and driver.
const withDevice = existsSync(SWIFTSHADER) ? describe : describe.skip;

withDevice('WebGPU on SwiftShader', () => {
  const before = { ...process.env };
  const runtime = mkdtempSync(join(tmpdir(), 'sextant-xdg-'));
  beforeAll(() => void Object.assign(process.env, { VK_DRIVER_FILES: SWIFTSHADER, XDG_RUNTIME_DIR: runtime }));
  afterAll(() => {
    process.env = before;
    rmSync(runtime, { recursive: true, force: true });
  });
  const size = { width: 32, height: 32 };

  it('agrees with the CPU and runs when it is asked for', async () => {
    const model = await loadModel(fixture('tiny-depth-estimator'), { device: 'webgpu', size });
    expect(model.device.name).toBe('webgpu');
    expect(model.device.check?.maxRel).toBeLessThan(1e-4);
    expect((await model.run(frame(0, { grey: 255 }), ['depth'])).depth?.metres[0]).toBeCloseTo(Math.sqrt(0.9), 4);
    await model.close();
  }, 60_000);

  it('is refused by auto for being slower than the CPU', async () => {
    const model = await loadModel(fixture('tiny-depth-estimator'), { device: 'auto', size });
    expect(model.device.name).toBe('cpu');
    expect(model.device.refused.find((r) => r.device === 'webgpu')?.reason).toMatch(/slower than the CPU here/);
    await model.close();
  }, 60_000);
});
