import { SextantError } from '@sextant/core';
import { BRIDGE_PARAMETERS } from './bridge-parameters.js';
import { withChecks } from './parameter.js';
import { ParameterStore } from './store.js';

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (SextantError.isInstance(error)) return `${error.code}: ${error.message}. ${error.hint}`;
  }
  return 'nothing thrown';
};

describe('ParameterStore', () => {
  it('starts with defaults and the given values', () => {
    const store = new ParameterStore(BRIDGE_PARAMETERS, { 'points.decimation': 4 });
    expect(store.get('points.decimation')).toBe(4);
    expect(store.get('depth.encoding')).toBe('32FC1');
    expect(store.get('modalities')).toHaveLength(5);
  });

  it('takes angles as people round them, of a camera that hangs upside down, and none in degrees', () => {
    const store = new ParameterStore(BRIDGE_PARAMETERS, { 'camera_pose.roll': 3.1416, 'camera_pose.yaw': -3.14159265359 });
    store.set({ 'camera_pose.pitch': 4.71239 });
    expect(message(() => { store.set({ 'camera_pose.yaw': 90 }); })).toBe('bad-argument: parameter camera_pose.yaw cannot be 90. Give a number from -6.3 to 6.3.');
  });

  it('sets several values at once or none of them, and tells once', () => {
    const store = new ParameterStore(BRIDGE_PARAMETERS);
    const told: unknown[] = [];
    store.values$.subscribe((values) => told.push(values));
    expect(message(() => {
      store.set({ 'points.decimation': 2, 'depth.confidence_threshold': 1.5 });
    })).toBe('bad-argument: parameter depth.confidence_threshold cannot be 1.5. Give a number from 0 to 1.');
    expect(store.get('points.decimation')).toBe(1);
    store.set({ 'points.decimation': 2, 'depth.confidence_threshold': 0.5 });
    store.set({ 'points.decimation': 2 });
    expect(told).toHaveLength(2);
  });

  it.each([
    ['points.decimation', 1.5, 'Give a whole number from 1 to 64.'],
    ['rate', '10', 'Give a number from 0 to 240.'],
    ['rate', NaN, 'Give a number from 0 to 240.'],
    ['depth.encoding', 'mm', 'Give one of 32FC1, 16UC1.'],
    ['modalities', ['depth', 'smell'], 'Give a list of texts out of depth, flow'],
    ['points.organised', 1, 'Give true or false.'],
    ['frame_id', 'a b', 'Give a text that fits'],
    ['frame_id', '/camera', 'Give a text that fits'],
    ['base_frame', '', 'Give a text that fits'],
    ['camera_frame', '/camera_link', 'Give a text that fits'],
    ['no.such', 1, 'Parameters: modalities, rate'],
  ])('refuses %s = %p and says what to give', (name, value, hint) => {
    const store = new ParameterStore(BRIDGE_PARAMETERS);
    expect(message(() => {
      store.set({ [name]: value });
    })).toContain(hint);
  });

  it('keeps a read-only value but takes it again unchanged', () => {
    const store = new ParameterStore([{ name: 'a', type: 'bool', default: false, description: '', readOnly: true }], { a: true });
    store.set({ a: true });
    expect(message(() => {
      store.set({ a: false });
    })).toContain('can be given at the start only');
  });

  it('knows what somebody gave: at the start or later, the value it had too, and nothing that was refused', () => {
    const store = new ParameterStore(BRIDGE_PARAMETERS, { rate: 0 });
    store.set({ base_frame: 'base_link', 'camera_pose.x': 0 });
    expect(message(() => { store.set({ camera_frame: 'camera_link', 'camera_pose.y': 'far' }); })).toContain('camera_pose.y cannot be "far"');
    expect(['rate', 'base_frame', 'camera_pose.x', 'camera_frame', 'camera_pose.y', 'prompt'].map((name) => store.given(name))).toEqual([true, true, true, false, false, false]);
  });

  it('refuses what the check of a parameter refuses, at the start and later, and says why', () => {
    const specs = withChecks(BRIDGE_PARAMETERS, {
      prompt: (value) => {
        if (value === 'unicorn') throw new SextantError('bad-argument', 'there are none', { hint: 'Look for a horse.' });
      },
    });
    const words = 'bad-argument: parameter prompt cannot be "unicorn". There are none. Look for a horse.';
    expect(message(() => new ParameterStore(specs, { prompt: 'unicorn' }))).toBe(words);
    const store = new ParameterStore(specs, { prompt: 'horse' });
    expect(message(() => {
      store.set({ rate: 5, prompt: 'unicorn' });
    })).toBe(words);
    expect([store.get('rate'), store.get('prompt')]).toEqual([0, 'horse']);
  });

  it('watches one value', () => {
    const store = new ParameterStore(BRIDGE_PARAMETERS);
    const seen: unknown[] = [];
    store.watch('modalities').subscribe((v) => seen.push(v));
    store.set({ rate: 5 });
    store.set({ modalities: ['depth', 'depth'] });
    store.set({ modalities: ['depth'] });
    expect(seen).toEqual([[...store.spec('modalities').default as string[]], ['depth']]);
  });
});
