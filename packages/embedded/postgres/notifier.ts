/** Who listens to which channel, across connections: the engine itself knows one listener only. */
import type { Notification } from './channel.ts';

export interface Listening {
  notify(message: Uint8Array): void;
}

export interface Notifier<Listener extends Listening> {
  /** All its channels from now on. */
  listen(listener: Listener, channels: readonly string[]): void;
  /** To all that listen; the sender has read its own among its results. */
  notify(from: Listener, notifications: readonly Notification[]): void;
}

export function createNotifier<Listener extends Listening>(): Notifier<Listener> {
  const listeners = new Map<string, Set<Listener>>();
  const channelsOf = new Map<Listener, readonly string[]>();

  const leave = (listener: Listener, channel: string) => {
    const others = listeners.get(channel);
    others?.delete(listener);
    if (others?.size === 0) listeners.delete(channel);
  };

  return {
    listen(listener, channels) {
      for (const channel of channelsOf.get(listener) ?? []) leave(listener, channel);
      for (const channel of channels) {
        const all = listeners.get(channel) ?? new Set();
        listeners.set(channel, all.add(listener));
      }
      if (channels.length) channelsOf.set(listener, channels);
      else channelsOf.delete(listener);
    },
    notify(from, notifications) {
      for (const { channel, message } of notifications) {
        for (const listener of listeners.get(channel) ?? []) if (listener !== from) listener.notify(message);
      }
    },
  };
}
