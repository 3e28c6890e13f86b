/** The way to one client's socket: counts what is under way, and cuts off a client that takes nothing for too long. */
import type { Socket } from 'node:net';
import { READER_STALLED_AFTER, SEND_HIGH } from './limits.ts';

export interface Outlet {
  write(bytes: Uint8Array): void;
  /** For parts of a result whose rest waits in the engine: tells when the socket has passed them on. */
  writePart(bytes: Uint8Array, onSent: () => void): void;
  isFull(): boolean;
  /** The last words. */
  end(bytes?: Uint8Array): void;
}

export function outletTo(socket: Socket): Outlet {
  let partsUnderWay = 0;
  let stallTimer: NodeJS.Timeout | undefined;

  const watch = () => {
    clearTimeout(stallTimer);
    stallTimer = partsUnderWay ? setTimeout(() => socket.destroy(), READER_STALLED_AFTER) : undefined;
  };

  return {
    write(bytes) {
      if (bytes.length && socket.writable) socket.write(bytes);
    },
    writePart(bytes, onSent) {
      if (!socket.writable) return onSent();
      partsUnderWay += 1;
      watch();
      // Called with an error, too, when the socket is gone.
      socket.write(bytes, () => {
        partsUnderWay -= 1;
        watch();
        onSent();
      });
    },
    isFull: () => socket.writableLength > SEND_HIGH,
    end(bytes) {
      if (bytes && socket.writable) socket.write(bytes);
      socket.destroySoon();
      const timer = setTimeout(() => socket.destroy(), READER_STALLED_AFTER);
      socket.once('close', () => clearTimeout(timer));
    },
  };
}
