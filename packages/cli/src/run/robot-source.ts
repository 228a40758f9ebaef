import { recordedTopics } from '@sextant/camera';
import type { SourceSpec } from '@sextant/camera';

/** What a run takes over from the robot that its pictures come from. */
export interface RobotSource {
  /** A recording is played: its time is told on `/clock`. */
  readonly clock: boolean;
  /** The camera's frame is the robot's: it says itself, or the recording does, where that is. A frame has one parent only. */
  readonly ownTf: boolean;
}

/** @throws SextantError as `recordedTopics`. */
export async function robotSource(source: SourceSpec): Promise<RobotSource> {
  const topics = await recordedTopics(source);
  return { clock: topics !== undefined, ownTf: source.kind === 'ros' || topics?.some((topic) => topic === '/tf' || topic === '/tf_static') === true };
}
