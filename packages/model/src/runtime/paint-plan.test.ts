import { describe, expect, it } from '@jest/globals';
import { fixture } from '../../test/helpers.js';
import { readManifest } from '../manifest/read.js';
import { planPainting, type PaintStep } from './paint-plan.js';

const names = (steps: readonly PaintStep[]): string[] => steps.map(({ graph }) => graph);

describe('planPainting', () => {
  it('runs what never looks at noise once a frame, and what is remembered on the finished frame', async () => {
    const manifest = await readManifest(fixture('tiny-generator'));
    const generate = planPainting(manifest, 'generate');
    expect([names(generate.steady), names(generate.look), names(generate.after).sort()]).toEqual([['condition'], ['generate'], ['condition', 'rgb']]);
    expect([...generate.states].sort()).toEqual(['condition.memory', 'rgb.memory']);
    // Two noised streams: nothing is clean before the end.
    const joint = planPainting(manifest, 'joint');
    expect([names(joint.steady), names(joint.look), names(joint.after).sort()]).toEqual([[], ['joint'], ['condition', 'rgb']]);
  });

  it('paints the frame once, after the looks', async () => {
    const manifest = await readManifest(fixture('tiny-painter'));
    const generate = planPainting(manifest, 'generate');
    expect([names(generate.steady), names(generate.look), names(generate.finish)]).toEqual([[], ['generate'], ['condition', 'paint']]);
    expect(generate.finish.map(({ outputs }) => outputs)).toEqual([['picture', 'memory'], ['large']]);
    const joint = planPainting(manifest, 'joint');
    expect([names(generate.sharpen), names(joint.sharpen), names(joint.finish)]).toEqual([[], ['sharpen'], ['condition', 'paint']]);
    const whole = planPainting(await readManifest(fixture('tiny-generator')), 'joint');
    expect([whole.sharpen, whole.finish]).toEqual([[], []]);
  });

  it('runs a graph that reads what changes at every look, through others too', async () => {
    const manifest = await readManifest(fixture('tiny-generator'));
    manifest.graphs.condition.inputs.level = 'task.time';
    const plan = planPainting(manifest, 'generate');
    expect([names(plan.steady), names(plan.look)]).toEqual([[], ['condition', 'generate']]);
  });
});
