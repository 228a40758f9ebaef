// Records synthetic perceptions until it is killed; started by mcap.test.ts. Arguments: file, milliseconds between frames.
import { McapRecorder, createBridge } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

async function main(path: string): Promise<void> {
  const bridge = createBridge();
  bridge.attach(await McapRecorder.open(path, { chunkBytes: 64 * 1024, chunkMs: 50 }));
  let index = 0;
  setInterval(() => {
    bridge.publish(syntheticPerception(index++));
    process.stdout.write('.');
  }, 5);
}

void main(process.argv[2] ?? '');
