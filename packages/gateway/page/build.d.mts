/** Bundles the page into a folder of static files, created if missing. */
export function buildPage(folder: string): Promise<void>;
