/** Keyspace notifications: which events are published, as `notify-keyspace-events` says. */
import type { EventClass } from './keyspace/state.ts';

const ALL_CLASSES = 'g$lshzxetd';
const CLASSES = `${ALL_CLASSES}n`;
const ACCEPTED = /^[KEAg$lshzxetdnm]*$/;

/** Undefined when it has a letter that means nothing. */
export function parseEventFlags(text: string): ReadonlySet<string> | undefined {
  return ACCEPTED.test(text) ? new Set(text.replaceAll('A', ALL_CLASSES)) : undefined;
}

export function formatEventFlags(flags: ReadonlySet<string>): string {
  const all = [...ALL_CLASSES].every((letter) => flags.has(letter));
  const classes = all ? 'A' : [...CLASSES].filter((letter) => flags.has(letter)).join('');
  return classes + [...'KEm'].filter((letter) => flags.has(letter)).join('');
}

export function publishEvent(
  flags: ReadonlySet<string>,
  eventClass: EventClass,
  event: string,
  database: number,
  key: string,
  publish: (channel: string, message: string) => void,
): void {
  if (!flags.has(eventClass)) return;
  if (flags.has('K')) publish(`__keyspace@${database}__:${key}`, event);
  if (flags.has('E')) publish(`__keyevent@${database}__:${event}`, key);
}
