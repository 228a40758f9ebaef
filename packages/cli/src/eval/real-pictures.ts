import type { Modality, Perception, Person, SegmentationMap } from '@sextant/core';
import { VOID_LABEL } from '@sextant/model';
import { SUPERSETS, SUPERSET_CLASSES } from '@sextant/world';
import { toSupersets } from './class-maps.js';
import { drawPerception } from './gallery.js';
import { numbered } from './items.js';
import type { Item } from './items.js';
import { readGrey, readPicture, toFrame } from './pictures.js';
import { fromCamvid, fromCoco } from './real-classes.js';
import { readPeople, readSilhouettes } from './real-people.js';
import type { Report } from './report.js';
import { SegmentationTally } from './segmentation-tally.js';
import type { SegmentationTruth } from './segmentation-tally.js';
import type { Exam } from './settings.js';
import { SkeletonTally } from './skeleton-tally.js';
import type { ScoredPerson } from './skeleton-tally.js';

/**
 * Measures segmentation and skeletons on real pictures. Segmentation: `real` is COCO, panoptic items (all classes) and pose
 * items with silhouettes (people only); `camvid` is the view of a car. DAVIS is not used: it labels the moving object, whatever
 * that is, and not the people of its background. Skeletons: every pose item with COCO's joints.
 */
export async function evaluatePictures(exam: Exam, items: readonly Item[]): Promise<readonly Report[]> {
  const { examinee, modalities, gallery, progress } = exam;
  const { classes } = examinee.model;
  const segmentation = { real: new SegmentationTally(classes), camvid: new SegmentationTally(classes) };
  const skeletons = new SkeletonTally();
  const [person, toSuperset] = [SUPERSETS.indexOf('person'), toSupersets(classes)];

  async function segment(set: 'real' | 'camvid', item: Item, index: number, truth: SegmentationTruth, said: Perception): Promise<void> {
    const score = segmentation[set].add(item.name, said.segmentation!.labels, truth);
    if (!gallery) return;
    const inSupersets = (labels: Uint8Array): { segmentation: SegmentationMap } => ({ segmentation: { ...said.segmentation!, labels, classes: SUPERSET_CLASSES } });
    const shown = inSupersets(truth.supersets ?? truth.people.map((id) => (id === 1 ? person : id)));
    const pictures = drawPerception('segmentation', said.frame, shown, inSupersets(said.segmentation!.labels.map((id) => toSuperset[id])));
    await gallery.add('segmentation', set, `${item.name}-${String(index).padStart(2, '0')}`, score, pictures, item.licence);
  }

  const used = items.filter(({ task, name }) => task === 'pose' || /^seg_(coco|camvid)_/.test(name));
  for (const [done, item] of used.entries()) {
    progress(item.task, done, used.length);
    if (item.task === 'seg') {
      if (!modalities.includes('segmentation')) continue;
      const camvid = item.name.startsWith('seg_camvid_');
      const map = camvid ? fromCamvid(item.classes ?? []) : fromCoco;
      for (let index = 0; index < (item.frames ?? 1); index += 1) {
        const frame = toFrame(await readPicture(numbered(item, index, 'frame', 'jpg')), index);
        const { width, height, data } = await readGrey(numbered(item, index, 'mask', 'png'));
        const supersets = Uint8Array.from(data, map);
        // What is of no superset is still known not to be a person, unless it is not labelled.
        const unknown = (label: number): boolean => (camvid ? ['bicyclist', 'unlabelled', undefined].includes(item.classes?.[label]) : label === 0);
        const people = supersets.map((id, i) => (unknown(data[i]) ? VOID_LABEL : id === person ? 1 : 0));
        await segment(camvid ? 'camvid' : 'real', item, index, { width, height, supersets, people }, await examinee.look([frame], ['segmentation']));
      }
      continue;
    }
    const frame = toFrame(await readPicture(numbered(item, 0, 'frame', 'jpg')));
    const { people, crowds } = await readPeople(item);
    const silhouettes = modalities.includes('segmentation') ? await readSilhouettes(item, crowds) : undefined;
    const asked: Modality[] = [...(silhouettes ? (['segmentation'] as const) : []), ...(modalities.includes('skeleton') ? (['skeleton'] as const) : [])];
    if (asked.length === 0) continue;
    const said = await examinee.look([frame], asked);
    if (silhouettes) await segment('real', item, 0, silhouettes, said);
    if (!said.skeleton) continue;
    const scored: ScoredPerson[] = [];
    for (const { truth, scored: counts } of people) scored.push({ truth, scored: counts, inBox: counts ? await examinee.lookInto(frame, truth.box) : undefined });
    const score = skeletons.add(item.name, said.skeleton.people, scored, crowds);
    if (gallery) {
      const drawn = people.map(({ truth: { box, keypoints } }): Person => ({ id: 0, score: 1, box, keypoints: keypoints.map(({ x, y, visible }) => ({ x, y, score: visible / 2 })) }));
      await gallery.add('skeleton', 'real', item.name, score, drawPerception('skeleton', frame, { skeleton: { ...said.skeleton, people: drawn.filter(({ keypoints }) => keypoints.length === 17) } }, said), item.licence);
    }
  }
  return [segmentation.real.report('real'), segmentation.camvid.report('camvid'), skeletons.report('real')].filter((report) => report !== undefined);
}
