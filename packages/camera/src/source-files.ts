import { Recording, bagFiles } from './bag/recording.js';
import { pathKind } from './open-source.js';
import type { SourceSpec } from './source-spec.js';
import { listPictures } from './sources/pictures.js';

/**
 * The files that a source will read, without opening one; none for a camera, a topic or the simulation.
 * @throws SextantError `source-missing` for what is not there or holds nothing to play, `unsupported` for a bag of another kind, `io`.
 */
export async function sourceFiles(source: SourceSpec): Promise<readonly string[]> {
  switch (source.kind) {
    case 'bag':
      return bagFiles(source.path);
    case 'pictures':
      return listPictures(source.path);
    case 'path': {
      const kind = await pathKind(source.path);
      return kind === 'bag' ? bagFiles(source.path) : kind === 'pictures' ? listPictures(source.path) : [source.path];
    }
    case 'sim':
    case 'v4l2':
    case 'rtsp':
    case 'ros':
      return [];
  }
}

/**
 * The topics of the recording that a source plays; undefined for what is none. A folder is looked into.
 * @throws SextantError `source-missing`, `unsupported` for a bag of another kind, `io`.
 */
export async function recordedTopics(source: SourceSpec): Promise<readonly string[] | undefined> {
  const bag = source.kind === 'bag' || (source.kind === 'path' && (await pathKind(source.path)) === 'bag');
  return bag ? (await Recording.open(source.path)).topics.map(({ topic }) => topic) : undefined;
}
