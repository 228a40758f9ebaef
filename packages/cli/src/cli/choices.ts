/** What `--resolution` takes. */
export const RESOLUTIONS = ['model', 'camera'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** What `--record-compression` takes. */
export const RECORD_COMPRESSIONS = ['zstd', 'none'] as const;

/** What `--ros` takes. */
export const ROS_CHOICES = ['auto', 'native', 'off'] as const;
