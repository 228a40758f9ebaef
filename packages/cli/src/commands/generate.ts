import { MODALITIES, SextantError, isModality, type Modality } from '@sextant/core';
import { DEVICES, SAMPLERS, type DeviceChoice, type SamplerName, type Size } from '@sextant/model';
import type { PaletteSource, Threshold } from '@sextant/synth';
import { Command, InvalidArgumentError, Option } from 'commander';
import { modalities } from '../cli/parse-model.js';
import { nonNegative, positive, whole } from '../cli/parse.js';
import { REJECTED, runSession } from '../cli/session.js';
import { size } from '../eval/size.js';
import type { MakeOptions, MakeSettings } from '../generate/settings.js';

type Conditions = Readonly<Partial<Record<Modality, string>>>;

interface Flags extends Omit<MakeOptions, 'reject'> {
  readonly reject?: readonly string[];
  readonly condition?: Conditions;
  readonly modality?: readonly Modality[];
  readonly palette?: PaletteSource;
  readonly prompt: string;
  readonly negative: string;
  readonly frames?: number;
  readonly size?: Size;
  readonly steps?: number;
  readonly shift?: number;
  readonly sampler?: SamplerName;
  readonly guidance?: number;
  readonly conditionGuidance?: number;
  readonly seed: number;
  readonly fps?: number;
  readonly model?: string;
  readonly device: DeviceChoice;
  readonly replay?: string;
  readonly json?: boolean;
}

/** `--condition depth=dir`, once for each modality. */
function condition(text: string, before: Conditions = {}): Conditions {
  const [name, ...path] = text.split('=');
  if (!isModality(name) || path.join('=') === '') throw new InvalidArgumentError(`Give <modality>=<folder>, with one of ${MODALITIES.join(', ')}.`);
  if (before[name] !== undefined) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...before, [name]: path.join('=') };
}

/** Pictures come at a whole rate, as `--fps` takes it. */
const wholeRate = (fps = 30): number => Math.min(1000, Math.max(1, Math.round(fps)));

const palette = (text: string): PaletteSource => (text === 'classes' ? { from: 'classes' } : { from: 'folder', path: text });

/** What both commands take; `defaults` says what is made where the flags do not. */
function making(name: string, description: string, defaults: Readonly<Record<'frames' | 'size' | 'fps', string>>): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--prompt <sentence>', 'what is to be seen', '')
    .option('--negative <sentence>', 'what is not to be seen', '')
    .option('--frames <n>', `frames to make (default: ${defaults.frames})`, whole(1, 1e9))
    .option('--size <WxH>', `size of the pictures (default: ${defaults.size})`, size)
    .option('--steps <n>', 'steps from noise to a picture (default: the model\'s)', whole(1, 1000))
    .addOption(new Option('--sampler <name>', 'how the steps are taken (default: the model\'s)').choices(SAMPLERS))
    .option('--shift <s>', 'above 1: more of the steps where it is noisy (default: the model\'s)', positive)
    .option('--guidance <w>', 'weight of the prompt, 0 to 20; 1: none; nano: in a clip\'s first frame (default: the model\'s)', nonNegative)
    .option('--seed <n>', 'names the noise', whole(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--fps <hz>', `frames per second (default: ${defaults.fps})`, whole(1, 1000))
    .option('--model <name|folder>', 'model (default: nano)')
    .addOption(new Option('--device <device>', 'where the model runs').choices(['auto', ...DEVICES]).default('auto'))
    .option('--check', 'estimate the pictures anew and say how well they agree with what was asked for')
    .option('--reject <list>', 'check, and end with exit code 3 where the agreement is worse: depth=0.2,segmentation=0.5 (AbsRel and flow at most; mIoU, PCK, parts at least), or depth.delta1Scale=0.8', (text, before: readonly string[] = []) => [...before, text])
    .option('--previews', 'keep now.png in the folder: the frame under way')
    .option('--replay <manifest.json>', 'make the clip of a manifest anew and compare the bytes; all that it is made by is the manifest\'s, but for --device')
    .option('--overwrite', 'delete what another call left in the folder')
    .option('--json', 'one JSON object per line on stdout');
}

/** What the flags ask for, with the defaults that need no model. @throws SextantError `bad-argument` where there is nothing to make from. */
export async function settingsOf(task: MakeSettings['task'], flags: Flags): Promise<MakeSettings> {
  const { condition: conditions = {}, modality: chosen = [], model = 'nano', ...rest } = flags;
  if (task === 'generate' && Object.keys(conditions).length === 0) {
    throw new SextantError('bad-argument', 'generate has no condition', { hint: 'Give --condition <modality>=<folder>, or use sextant joint to make video from a sentence alone.' });
  }
  if (task === 'joint' && chosen.length === 0) {
    throw new SextantError('bad-argument', 'joint has no modality', { hint: `Give --modality <list> of ${MODALITIES.join(', ')}: what is made beside the picture.` });
  }
  const { conditionRate } = await import('@sextant/synth');
  return { task, conditions, modalities: chosen, model, ...rest, fps: flags.fps ?? wholeRate(await conditionRate(conditions)) };
}

/** What may be said beside `--replay`: where to, by what, and how it is looked at. All else that makes the pictures is in the manifest. */
const BESIDE_REPLAY: readonly string[] = ['replay', 'out', 'model', 'device', 'check', 'reject', 'previews', 'overwrite', 'json'];

/** @throws SextantError `bad-argument` for flags that a replay would not heed. */
function refuseBesideReplay(command: Command): void {
  const given = command.options.filter((option) => isGiven(command, option.attributeName()) && !BESIDE_REPLAY.includes(option.attributeName())).map(({ long, flags }) => long ?? flags);
  if (given.length === 0) return;
  throw new SextantError('bad-argument', `--replay makes what the manifest says, and ${given.join(', ')} ${given.length === 1 ? 'says' : 'say'} something else`, { hint: 'Leave them out, or make another clip without --replay.', details: { given } });
}

const isGiven = (command: Command, name: string): boolean => command.getOptionValueSource(name) === 'cli';

/** What `--reject` was given, read as commander reads a flag; not by commander, which would load the figures for a mere `--help`. */
async function readReject(command: Command, texts: readonly string[]): Promise<readonly Threshold[]> {
  const { thresholds } = await import('../cli/parse-thresholds.js');
  let read: readonly Threshold[] = [];
  for (const text of texts) {
    try {
      read = thresholds(text, read);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      command.error(`error: option '--reject <list>' argument '${text}' is invalid. ${error.message}`, error);
    }
  }
  return read;
}

function run(task: MakeSettings['task']) {
  return async ({ json = false, reject: texts, ...flags }: Flags, command: Command): Promise<void> => {
    const [{ make }, { replay }] = await Promise.all([import('../generate/make.js'), import('../generate/replay.js')]);
    const reject = texts && (await readReject(command, texts));
    await runSession(json, async (work) => {
      const { out, overwrite, check, previews } = flags;
      const options: MakeOptions = { out, overwrite, check, reject, previews };
      if (flags.replay !== undefined) {
        refuseBesideReplay(command);
        return replay(flags.replay, { ...options, model: flags.model, ...(isGiven(command, 'device') && { device: flags.device }) }, work);
      }
      const { agreement } = await make(await settingsOf(task, flags), options, work);
      return agreement?.accepted === false ? REJECTED : 0;
    });
  };
}

/** `sextant generate`: video from modalities and a sentence. */
export function generateCommand(): Command {
  return making('generate', 'Make video that agrees with depth, flow, segmentation, skeletons or DensePose (one or several) and a sentence. Called again, it goes on where it stopped.', { frames: 'the condition\'s', size: 'the model\'s area in the condition\'s shape', fps: 'the condition\'s, else 30' })
    .option('--condition <modality=dir>', 'folder of estimate or world to agree with; once for each modality', condition)
    .option('--palette <dir|classes>', 'colours of regions: of a folder with rgb, segmentation and instances, or the classes\' display colours', palette)
    .option('--condition-guidance <w>', 'weight of the condition, 0 to 20; 1: none; nano: in a clip\'s first frame (default: the model\'s)', nonNegative)
    .action(run('generate'));
}

/** `sextant joint`: video and modalities from a sentence alone. */
export function jointCommand(): Command {
  return making('joint', 'Make video and its depth, flow, segmentation, skeletons or DensePose together from a sentence. Called again, it goes on where it stopped.', { frames: '8, or the clip\'s of a model of whole clips', size: 'the model\'s', fps: '30' })
    .option('--modality <list>', 'comma-separated: what is made beside the picture', modalities)
    .action(run('joint'));
}
