import { openSource, parseSourceSpec, rectify, redactUrl } from '@sextant/camera';
import { dropCounter } from '@sextant/core';
import type { Modality, Perception } from '@sextant/core';
import { startGateway } from '@sextant/gateway';
import type { Gateway } from '@sextant/gateway';
import { Turns, checkCloseUps, estimate, fullResolution, loadModel, parseModalities, steady, track } from '@sextant/model';
import type { WorkerModel } from '@sextant/model';
import { createBridge, publish } from '@sextant/ros';
import type { Observable } from 'rxjs';
import { BehaviorSubject, ReplaySubject, combineLatest, identity, map, tap } from 'rxjs';
import type { Work } from '../cli/session.js';
import { abortable } from '../cli/session.js';
import { beforeFirst } from './before-first.js';
import { capRate } from './cap-rate.js';
import { checkFiles } from './check-files.js';
import { clientCameras } from './client-cameras.js';
import { checkSteady, withSteady } from './check-steady.js';
import { countGaps } from './count-gaps.js';
import { longTimer } from './long-timer.js';
import { nativeTransport } from './native.js';
import { offered } from './offered.js';
import { RunPrompt } from './prompt.js';
import { Recording } from './recording.js';
import { robotSource } from './robot-source.js';
import { rosSource } from './ros-source.js';
import { RunScale, atScale, withScaleNeeds } from './scale.js';
import type { RunSettings } from './settings.js';
import { sourceOptions, unusedKeys } from './source-options.js';
import { RunMeter } from './stats.js';
import { StatusLine } from './status-line.js';

const STATS_PERIOD_MS = 1000;

/** How a run ended; the reason is the `end` line's. */
type Ending = { readonly reason: string } | { readonly error: unknown };

/**
 * One `sextant run`: opens the port, loads the model, plays the source through it and publishes, until the source ends,
 * the duration is over or a signal comes. Returns the exit code.
 * @throws SextantError of the gateway, the model or the source; everything is closed by then.
 */
export async function run(settings: RunSettings, { output, signal, stoppedBy }: Work): Promise<number> {
  // Everything that a person can get wrong is found out before something slow is started.
  const source = parseSourceSpec(settings.source);
  if (settings.steady === true) checkSteady(settings.modalities);
  await checkFiles(settings.source, settings.record);
  const { clock, ownTf } = await robotSource(source);
  const drops = dropCounter();
  const status$ = new BehaviorSubject<unknown>({ source: redactUrl(settings.source), model: settings.model });
  const scale = new RunScale();
  const bridge = createBridge({ ...settings.bridge, parameters: initialParameters(settings, ownTf), checks: { scale: scale.check }, drops, clock });
  bridge.log$.subscribe(({ level, message, details }) => {
    if (level === 'info') output.note(message);
    else if (level === 'warning') output.warn(message, details); // errors are told where they arise
  });
  // To this terminal and to /rosout.
  const told = (message: string, details: Readonly<Record<string, unknown>>): void => {
    bridge.log('warning', message, details);
  };
  const options = sourceOptions(settings, told);
  const unused = unusedKeys(source, options);
  if (unused.length > 0) told(`the source ${redactUrl(settings.source)} does not use ${unused.join(', ')}`, { unused });
  // The model is shared with the cameras that browsers send. Two under way: the worker starts the next frame while this process publishes the last one.
  const turns = new Turns(2);
  let gateway: Gateway | undefined;
  let model: WorkerModel | undefined;
  let meter: RunMeter | undefined;
  const prompt = new RunPrompt(bridge, told);
  const scaleGiven = bridge.parameters.text('scale');
  const statusLine = new StatusLine(output);
  try {
    const native = await nativeTransport(settings.ros, source, bridge, told);
    const frames$ = source.kind === 'ros'
      ? rosSource(source.transport === 'native' && native ? native : bridge, source.topic, { ...pick(settings, 'calibration', 'frameId', 'rate'), drops, onIssue: told })
      : openSource(settings.source, options);
    // Pages find the port open before the model is loaded; what they ask for waits for it.
    const loaded$ = new ReplaySubject<WorkerModel>(1);
    gateway = await startGateway({ bridge, clock, host: settings.host, port: settings.port, ...access(settings), status$, prompt, modalities: offered(settings.modalities, loaded$, bridge.parameters.watch('modalities')), perceive: clientCameras(loaded$, turns, settings, drops, prompt) });
    const { wanted$: watched$, referredWanted$ } = gateway;
    output.note(`sextant: port ${gateway.port} is open, loading model ${settings.model}`);
    model = await abortable(loadModel(settings.model, { device: settings.device, ...(settings.size && { size: settings.size }) }), signal, (late) => void late.close());
    const loaded = model;
    loaded$.next(loaded);
    const modalities = settings.modalities.filter((m) => loaded.modalities.includes(m));
    if (modalities.length === 0) parseModalities(settings.modalities, loaded.modalities); // says which there are
    if (settings.steady === true) checkSteady(modalities);
    checkCloseUps(settings.closeUps ?? 0, loaded.manifest);
    const scale$ = scale.follow(bridge, scaleGiven, loaded.manifest.classes, (message) => {
      told(message, {});
    });
    await prompt.follow(model);
    status$.next({ source: redactUrl(settings.source), model: model.name, device: model.device.name, modalities });
    let recorder: Recording | undefined;
    let recorded = true;
    const record = async (path: string): Promise<void> => {
      recorder = await Recording.start(path, settings.recordCompression ?? 'zstd', bridge, (error) => {
        recorded = false;
        output.error(error);
        bridge.log('error', error.message);
      });
      recorder?.manifest(loaded.manifest);
    };
    // A run that does not come about, or whose source gives no picture, leaves an older recording of that name as it was.
    const older = settings.record !== undefined && (await Recording.replaces(settings.record)) ? settings.record : undefined;
    if (settings.record !== undefined && older === undefined) await record(settings.record);
    meter = new RunMeter(bridge);
    announce(settings, gateway, model, modalities, output);

    const running = meter;
    const tell = (): void => {
      const stats = running.read();
      output.event('stats', { ...stats, resets: loaded.health.resets, ...workerPid(loaded) });
      statusLine.show(stats, running.frames, gateway?.clients ?? 0);
    };
    const timer = setInterval(tell, STATS_PERIOD_MS);
    const wanted$ = combineLatest([bridge.wanted$, watched$, bridge.parameters.watch('modalities')]).pipe(
      map(([wanted, watched, allowed]) => modalities.filter((m) => (wanted.has(m) || watched.has(m)) && (allowed as readonly string[]).includes(m))),
      withScaleNeeds(scale$, modalities),
      settings.steady === true ? map(withSteady) : identity,
    );
    const arrived$ = frames$.pipe(
      older === undefined ? identity : beforeFirst(() => record(older)),
      settings.rate === undefined || source.kind === 'ros' ? countGaps(drops) : identity, // a topic is thinned before it is numbered
      capRate(bridge.parameters.watch('rate').pipe(map((hz) => Number(hz)))),
      rectify(),
      tap((frame) => {
        recorder?.calibration(frame);
        running.arrived(frame);
      }),
    );
    const perceptions$ = arrived$.pipe(
      estimate(model, wanted$, { drops, turns, concurrency: 2, memory: settings.memory ?? true, closeUps: settings.closeUps ?? 0, prompts: prompt.prompts$([bridge.referredWanted$, referredWanted$]) }),
      settings.steady === true ? steady() : identity,
      track(),
      atScale(scale$, native ?? bridge, (message) => {
        told(message, {});
      }),
      settings.resolution === 'camera' ? fullResolution() : identity,
      publish(bridge),
      tap((perception) => {
        running.published(perception);
      }),
    );
    const ending = await play(perceptions$, settings.duration, signal, stoppedBy);
    clearInterval(timer);
    tell();
    statusLine.end();
    if ('error' in ending) throw ending.error;
    await bridge.close(); // the recording's last chunk is part of the run
    output.event('end', { reason: ending.reason, frames: running.frames, ...(recorder !== undefined && { recorded: recorder.messages }) });
    output.note(`sextant: ${ending.reason}, ${running.frames} frames published`);
    return recorded ? 0 : 1; // one that could not record did not do all it was asked for
  } finally {
    statusLine.end();
    meter?.close();
    status$.complete();
    prompt.close();
    try {
      await bridge.close();
    } finally {
      await gateway?.close();
      await model?.close();
    }
  }
}

/** Subscribes and waits for the end, whichever comes first. */
function play(perceptions$: Observable<Perception>, duration: number | undefined, signal: AbortSignal, stoppedBy: Work['stoppedBy']): Promise<Ending> {
  return new Promise((resolve) => {
    const finish = (ending: Ending): void => {
      callOff?.();
      signal.removeEventListener('abort', stopped);
      subscription.unsubscribe();
      resolve(ending);
    };
    const stopped = (): void => {
      finish({ reason: stoppedBy() ?? 'stopped' });
    };
    let callOff: (() => void) | undefined;
    signal.addEventListener('abort', stopped, { once: true });
    const subscription = perceptions$.subscribe({
      // Composing a scene or waking a camera takes its time: the duration is that of the stream.
      next: () => {
        if (duration === undefined) return;
        callOff ??= longTimer(duration * 1000, () => {
          finish({ reason: 'duration' });
        });
      },
      error: (error: unknown) => {
        // Errors and ends may come before `subscribe` returned.
        queueMicrotask(() => {
          finish({ error });
        });
      },
      complete: () => {
        queueMicrotask(() => {
          finish({ reason: 'source-ended' });
        });
      },
    });
    if (signal.aborted) stopped();
  });
}

/** The file's parameters, and those that have a flag. */
function initialParameters({ parameters = {}, frameId, modalities, scale, prompt }: RunSettings, ownTf: boolean): Readonly<Record<string, unknown>> {
  return { modalities, ...(ownTf && { publish_tf: false }), ...(scale !== undefined && { scale }), ...(prompt !== undefined && { prompt }), ...(frameId !== undefined && { frame_id: frameId }), ...parameters };
}

/** Those of the settings that were given. */
function pick<K extends keyof RunSettings>(settings: RunSettings, ...keys: readonly K[]): Partial<Pick<RunSettings, K>> {
  return Object.fromEntries(keys.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]]))) as Partial<Pick<RunSettings, K>>;
}

function access({ token, insecure, allowHost }: RunSettings): { token?: string; insecure?: boolean; allowedHosts?: readonly string[] } {
  return { ...(token !== undefined && { token }), ...(insecure !== undefined && { insecure }), ...(allowHost !== undefined && { allowedHosts: allowHost }) };
}

function announce(settings: RunSettings, gateway: Gateway, model: WorkerModel, modalities: readonly Modality[], output: Work['output']): void {
  const { url } = gateway;
  const source = redactUrl(settings.source);
  output.event('ready', { url, device: model.device.name, model: model.name, modalities, pid: process.pid, ...workerPid(model), source });
  for (const { device, reason } of model.device.refused) output.note(`sextant: not on ${device}: ${shorten(reason)}`);
  output.note(`sextant: ${source} -> ${model.name} ${model.version} on ${model.device.name} (${modalities.join(', ')})`);
  output.note(`sextant: see ${url}   ROS clients: ${url.replace('http', 'ws')}   stop with Ctrl-C`);
}

function workerPid({ health }: WorkerModel): { workerPid?: number } {
  return health.pid === undefined ? {} : { workerPid: health.pid };
}

/** Native libraries explain themselves at length; the end of it says what it was. */
function shorten(reason: string): string {
  return reason.length <= 160 ? reason : `${reason.slice(0, 60)} ... ${reason.slice(-90)}`;
}
