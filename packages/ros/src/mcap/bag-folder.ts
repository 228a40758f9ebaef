import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import type { ChunkWriter } from './chunk-writer.js';

const FOREVER = '\n    sec: 9223372036\n    nsec: 854775807';

/**
 * How rosbag2 writes the QoS of a latched topic, so that late readers of a played bag get its message: keep last 1, reliable, transient
 * local. rosbag2 wants every key.
 */
export const LATCHED_QOS = `- history: 1
  depth: 1
  reliability: 1
  durability: 1
  deadline:${FOREVER}
  lifespan:${FOREVER}
  liveliness: 1
  liveliness_lease_duration:${FOREVER}
  avoid_ros_namespace_conventions: false
`;

/** Where a recording goes: one `.mcap` file, or a folder as `ros2 bag record -o` makes it. */
export interface BagPlace {
  readonly file: string;
  readonly folder?: string;
}

/** A path without `.mcap` at its end is a new rosbag2 folder. @throws the operating system's error. */
export async function bagPlace(path: string): Promise<BagPlace> {
  if (/\.mcap$/i.test(path)) return { file: path };
  await mkdir(path); // one that is there may hold another recording
  return { file: join(path, fileIn(path)), folder: path };
}

const fileIn = (folder: string): string => `${basename(folder)}_0.mcap`;

/** Writes rosbag2's metadata.yaml (version 5, which Humble and everything since reads): `ros2 bag info` and `play` want it. */
export async function writeBagMetadata(folder: string, { start, end, messages, channels }: ChunkWriter['summary']): Promise<void> {
  const name = fileIn(folder);
  const span = { duration: { nanoseconds: end - start }, starting_time: { nanoseconds_since_epoch: start } };
  const text = stringify({
    rosbag2_bagfile_information: {
      version: 5,
      storage_identifier: 'mcap',
      ...span,
      message_count: Number(messages),
      topics_with_message_count: channels.map(({ topic, type, metadata, messages: count }) => ({
        topic_metadata: { name: topic, type, serialization_format: 'cdr', offered_qos_profiles: metadata?.get('offered_qos_profiles') ?? '' },
        message_count: count,
      })),
      compression_format: '',
      compression_mode: '',
      relative_file_paths: [name],
      files: [{ path: name, starting_time: span.starting_time, duration: span.duration, message_count: Number(messages) }],
    },
  });
  await writeFile(join(folder, 'metadata.yaml'), text);
}
