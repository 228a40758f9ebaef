export const sin = Math.sin;
export const cos = Math.cos;
