export function buildBrowser(folder: string): Promise<void>;
