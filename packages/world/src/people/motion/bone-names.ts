import type { BoneName } from '../body/bones.js';

type Family = Partial<Record<BoneName, string>>;

const sides = (base: Family, pattern: (side: 'L' | 'R') => Family): Family => ({ ...base, ...pattern('L'), ...pattern('R') });
const word = (side: 'L' | 'R'): string => (side === 'L' ? 'Left' : 'Right');
const limbs = (side: 'L' | 'R', clavicle: string, upperArm: string, foreArm: string, thigh: string, shin: string, foot?: string): Family => ({
  [`clavicle${side}`]: clavicle, [`upperArm${side}`]: upperArm, [`foreArm${side}`]: foreArm,
  [`thigh${side}`]: thigh, [`shin${side}`]: shin, ...(foot ? { [`foot${side}`]: foot } : {}),
});

/** What the families of motion files call our bones, told apart by a joint that only that family has. */
const FAMILIES: readonly { readonly mark: string; readonly names: Family }[] = [
  { // CMU, converted from ASF/AMC
    mark: 'lhumerus',
    names: sides({ pelvis: 'root', spine: 'lowerback', chest: 'upperback', thorax: 'thorax', neck: 'lowerneck', neckUpper: 'upperneck', head: 'head' }, (s) => {
      const c = s.toLowerCase();
      return limbs(s, `${c}clavicle`, `${c}humerus`, `${c}radius`, `${c}femur`, `${c}tibia`, `${c}foot`);
    }),
  },
  { // CMU, the cgspeed conversion: LeftShoulder is the upper arm there
    mark: 'LeftCollar',
    names: sides({ pelvis: 'Hips', spine: 'lowerback', chest: 'Chest', thorax: 'Chest2', neck: 'lowerneck', neckUpper: 'Neck', head: 'Head' }, (s) => {
      const w = word(s);
      return limbs(s, `${w}Collar`, `${w}Shoulder`, `${w}Elbow`, `${w}Hip`, `${w}Knee`, `${w}Ankle`);
    }),
  },
  { // CMU, from FBX
    mark: 'LowerBack',
    names: sides({ pelvis: 'Hips', spine: 'LowerBack', chest: 'Spine', thorax: 'Spine1', neck: 'Neck', neckUpper: 'Neck1', head: 'Head' }, (s) => {
      const w = word(s);
      return limbs(s, `${w}Shoulder`, `${w}Arm`, `${w}ForeArm`, `${w}UpLeg`, `${w}Leg`, `${w}Foot`);
    }),
  },
  { // Quaternius' realistic man
    mark: 'HeadTop_End',
    names: sides({ pelvis: 'Hips', spine: 'Spine', chest: 'Spine1', thorax: 'Spine2', neck: 'Neck', head: 'Head' }, (s) => {
      const w = word(s);
      return limbs(s, `${w}Shoulder`, `${w}Arm`, `${w}ForeArm`, `${w}UpLeg`, `${w}Leg`, `${w}Foot`);
    }),
  },
  { // Quaternius' woman: two spine bones, no feet
    mark: 'Abdomen',
    names: sides({ pelvis: 'Hips', spine: 'Abdomen', chest: 'Torso', neck: 'Neck', head: 'Head' }, (s) =>
      limbs(s, `Shoulder.${s}`, `UpperArm.${s}`, `LowerArm.${s}`, `UpperLeg.${s}`, `LowerLeg.${s}`)),
  },
  { // MakeHuman's older rig
    mark: 'UpArm_L',
    names: sides({ pelvis: 'Root', spine: 'Spine1', chest: 'Spine2', thorax: 'Spine3', neck: 'Neck', head: 'Head' }, (s) =>
      limbs(s, `Clavicle_${s}`, `UpArm_${s}`, `LoArm_${s}`, `UpLeg_${s}`, `LoLeg_${s}`, `Foot_${s}`)),
  },
  { // MakeHuman's default rig
    mark: 'upperarm01.L',
    names: sides({ pelvis: 'root', spine: 'spine05', chest: 'spine03', thorax: 'spine02', neck: 'neck01', neckUpper: 'neck02', head: 'head' }, (s) => ({
      ...limbs(s, `clavicle.${s}`, `upperarm01.${s}`, `lowerarm01.${s}`, `upperleg01.${s}`, `lowerleg01.${s}`, `foot.${s}`),
      [`hand${s}`]: `wrist.${s}`,
    })),
  },
];

/** Source joint of each of our bones, for a file with these joints; absent bones follow their parent. */
export function sourceNames(joints: readonly string[]): Family {
  const present = new Set(joints);
  const family = FAMILIES.find(({ mark }) => present.has(mark));
  if (!family) return {};
  return Object.fromEntries(Object.entries(family.names).filter(([, joint]) => present.has(joint)));
}
