/** Licences under which a picture may be shown in this repository, as the items' `licence` and the clips' index spell them. */
const OPEN = /^(repository )?(MIT|Apache-2\.0|Apache-2\.0\/MIT|BSD-2|BSD-3|BSD-[23]-Clause|CC0|CC BY [34]\.0)$/;

/** Rendered by Sextant itself from open assets. */
export const OWN = 'own';

/**
 * Whether a picture may be shown in the model card. Only plain open licences pass: what carries a remark (research, a film's or
 * a data set's own terms, "various") may allow less than its first word says, and its pictures are scored and not shown.
 */
export function isRedistributable(licence: string | undefined): boolean {
  return licence === OWN || (licence !== undefined && OPEN.test(licence.trim()));
}
