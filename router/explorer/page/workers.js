/** The editor's three workers, from files of ours. The names are put in by bundle.mjs. */
const files = WORKER_FILES;

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(files[label] ?? files.editor, { name: label }),
};
