/** The Redis whose commands and words this server has. */
export const REDIS_VERSION = '7.2.5';
