import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { SextantError } from '@sextant/core';
import { fileError } from '../formats/byte-reader.js';
import { naturalOrder } from '../formats/natural-order.js';
import { BagFile } from './bag-file.js';
import type { BagMessage, BagReadOptions, BagTopic } from './bag-file.js';

/** True for the names of a bag's files, also of those that are not read here: sqlite3, compressed as a whole. */
export const isBagName = (name: string): boolean => /\.(mcap|db3)(\.zstd?)?$/i.test(name);

/**
 * The MCAP files of a path: itself, or those of a rosbag2 folder in their order.
 * @throws SextantError `unsupported` for a folder of another kind of bag, `source-missing`, `io`.
 */
export async function bagFiles(path: string): Promise<string[]> {
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    names = await readdir(path);
  } catch (cause) {
    throw fileError(path, cause);
  }
  const files = names.filter((name) => /\.mcap$/i.test(name)).sort(naturalOrder);
  if (files.length > 0) return files.map((name) => join(path, name));
  const other = names.find(isBagName);
  if (other === undefined) throw new SextantError('source-missing', `the folder ${path} holds no .mcap file`, { hint: 'Give the folder that `ros2 bag record -s mcap` made.', details: { path } });
  throw new SextantError('unsupported', `the folder ${path} holds ${other}, a bag of a kind that is not read here`, {
    hint: /\.mcap\.zstd?$/i.test(other) ? `Decompress its files: zstd -d *${extname(other)}.` : 'Make an MCAP of it: ros2 bag convert.', details: { path, file: other },
  });
}

/** All files of a recording, as one. */
export class Recording {
  private constructor(
    readonly path: string,
    /** The topics of all files; messages only where each file that has the topic counts them. */
    readonly topics: readonly BagTopic[],
    private readonly files: readonly BagFile[],
  ) {}

  /** @throws SextantError as `bagFiles` and `BagFile.open`. */
  static async open(path: string): Promise<Recording> {
    const files: BagFile[] = [];
    for (const file of await bagFiles(path)) files.push(await BagFile.open(file));
    return new Recording(path, [...byName(files.flatMap((file) => file.topics)).values()], files);
  }

  /** Messages of `topics`, file after file, as `BagFile.read` gives them. */
  async *read(topics: readonly string[], options: BagReadOptions): AsyncGenerator<BagMessage, void> {
    for (const file of this.files) yield* file.read(topics, options);
  }

  /** The first and the last message of a topic in the first file whose index has it, with the messages of that file, where it counts them. */
  async ends(topic: string): Promise<{ readonly first: BagMessage; readonly last: BagMessage; readonly messages: number | undefined } | undefined> {
    for (const file of this.files) {
      const ends = await file.ends(topic);
      if (ends === undefined) continue;
      return { first: ends[0], last: ends[1], messages: byName(file.topics).get(topic)?.messages };
    }
    return undefined;
  }
}

/** Topics of several files, or channels, as one each; messages only where all count them. */
function byName(topics: readonly BagTopic[]): Map<string, BagTopic> {
  const named = new Map<string, BagTopic>();
  for (const { topic, type, messages: more } of topics) {
    const before = named.get(topic);
    const messages = before === undefined ? more : before.messages !== undefined && more !== undefined ? before.messages + more : undefined;
    named.set(topic, { topic, type, ...(messages !== undefined && { messages }) });
  }
  return named;
}
