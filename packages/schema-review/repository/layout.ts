/** Where things are in a repository. */
export interface Layout {
  /** In Rover's format. */
  supergraph: string;
  /** The folder with one folder of operations a client. */
  operations: string;
  /** JSON: requests by client and operation. */
  usage?: string;
}

export const DEFAULT_LAYOUT: Layout = { supergraph: 'supergraph.yaml', operations: 'schema/operations' };
