import type { Modality } from '@sextant/core';

/** The folder in which coloured pictures of a modality are kept beside its typed files. */
export const codedFolder = (modality: Modality): string => `${modality}-coded`;
