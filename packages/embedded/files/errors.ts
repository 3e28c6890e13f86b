/** What can go wrong with a file, in words that name it and say what to do. */

export class LogWriteError extends Error {
  readonly path: string;
  /** The operating system's name of it, such as ENOSPC. */
  readonly code: string;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`${path} cannot be written: ${reason(cause)}`, { cause });
    this.path = path;
    this.code = cause.code ?? 'EIO';
  }
}

/** A file or folder that does not let the server start. */
export class DataFileError extends Error {}

export function fileError(path: string, cause: unknown, what: string): DataFileError {
  return new DataFileError(`${path} ${what}: ${reason(cause as NodeJS.ErrnoException)}`, { cause });
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'No space left on device';
    case 'EROFS':
      return 'Read-only file system';
    case 'EACCES':
    case 'EPERM':
      return 'Permission denied';
    case 'ENOTDIR':
      return 'a file stands where a folder is expected';
    default:
      return message;
  }
}
