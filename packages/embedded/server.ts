/** What each of the three servers gives back once it listens. */
export interface EmbeddedServer {
  /** What an ordinary client opens, e.g. `redis://127.0.0.1:6379`. */
  url: string;
  port: number;
  /** Stops accepting, lets running statements end, writes everything out, closes the sockets. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** A folder of this server's own; it is made when missing. */
  dir: string;
  /** 0, the default, takes any free port. The address is always 127.0.0.1. */
  port?: number;
  /** Tells an operator what went wrong without a client to tell it to. One line, no secrets. */
  warn?: (message: string) => void;
}
