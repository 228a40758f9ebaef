/** The five modalities beside RGB, in the order of the UnityVideo paper (arXiv 2512.07831). */
export const MODALITIES = ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'] as const;
/** One of the five modalities beside RGB. */
export type Modality = (typeof MODALITIES)[number];

/** True for a word that names a modality. */
export function isModality(word: string): word is Modality {
  return (MODALITIES as readonly string[]).includes(word);
}
