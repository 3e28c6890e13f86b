/** For rooms that a test puts together itself, without what is followed live: a subscription there fails and says so. */
export const unfollowed = {
  follow: (): Promise<never> => Promise.reject(new Error('nothing is told here; start the whole room')),
  stop: async () => {},
};
