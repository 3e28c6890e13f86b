/** What bundle.mjs leaves for serve.ts. */
export interface ExplorerManifest {
  /** Hash over everything that the bundle is made from, so that it is made again only when that changes. */
  inputs: string;
  /** Name of the page among the files. */
  page: string;
  files: Record<string, { hash: string; encodings: { name: string; suffix: string }[] }>;
}
