// A floor under the accuracy of models/nano: on a few unseen worlds and the real items it must beat what hardly looks. It
// catches a broken model, codec or resampling, not a slightly worse one: for figures run `sextant eval` in full.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** figure of task and set, the baseline it must beat (or a number), and which way is better. */
const FLOORS = [
  ['depth world', 'absRelScale', 'constant', 'less'],
  ['depth world', 'absRelScale', 'rowPrior', 'less'],
  ['depth world', 'ause', 'randomConfidence', 'less'],
  ['flow world', 'epe', 'zero', 'less'],
  ['segmentation world', 'mIoUSupersets', 0.3, 'more'],
  ['segmentation world', 'personIoU', 'allPerson', 'more'],
  ['skeleton world', 'pck01', 0.25, 'more'],
  ['densepose world', 'partAccuracy', 'commonPart', 'more'],
  ['depth real', 'absRelScale', 'constant', 'less'],
  ['flow real', 'epe', 'zero', 'less'],
  ['segmentation real', 'personIoU', 'allPerson', 'more'],
  ['segmentation real', 'personIoU', 'ellipse', 'more'],
  ['skeleton real', 'pck01', 0.1, 'more'],
  ['skeleton real, close-ups', 'pck01', 'oneLook', 'more'],
];

const shared = existsSync('../shared/data/eval') && existsSync('../shared/assets');
if (!shared) console.log('accuracy: no ../shared, so procedural worlds only');

/** The metrics lines of one `sextant eval`, by task and set. */
function evaluate(...args) {
  const { status, stdout } = spawnSync(process.execPath, ['packages/cli/bin/sextant.js', 'eval', ...args, '--device', 'cpu', '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) {
    console.error(`accuracy: eval ${args.join(' ')} exited with ${status}: ${stdout}`);
    process.exit(1);
  }
  return stdout.trim().split('\n').map((line) => JSON.parse(line)).map((line) => [`${line.task} ${line.set}`, line]);
}

const found = new Map([
  ...evaluate('--source', 'world', '--seeds', '24', ...(shared ? ['--assets', '../shared/assets'] : [])),
  ...(shared ? evaluate('../shared/data/eval', '--limit', '16') : []),
]);
if (shared) { // those who are looked at again must be seen better than with one look
  const oneLook = found.get('skeleton real').metrics;
  for (const [name, line] of evaluate('../shared/data/eval', '--limit', '16', '--modalities', 'skeleton', '--close-ups', '8')) found.set(`${name}, close-ups`, { ...line, baselines: { oneLook } });
}
let below = 0;
for (const [name, figure, floor, better] of FLOORS) {
  if (!shared && name.includes(' real')) continue;
  const line = found.get(name);
  const value = line?.metrics[figure];
  const bound = typeof floor === 'number' ? floor : line?.baselines[floor]?.[figure];
  const holds = typeof value === 'number' && typeof bound === 'number' && (better === 'less' ? value < bound : value > bound);
  if (!holds) below += 1;
  console.log(`accuracy: ${holds ? 'ok    ' : 'BELOW '} ${name} ${figure} ${value?.toFixed?.(3) ?? value} (${better} than ${typeof floor === 'string' ? `${floor} ` : ''}${bound?.toFixed?.(3) ?? bound})`);
}
process.exitCode = below === 0 ? 0 : 1;
