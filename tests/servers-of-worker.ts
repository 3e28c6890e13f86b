/** In each worker: the URLs of its own servers take the names that everything reads. */
const worker = process.env.JEST_WORKER_ID;
for (const name of ['POSTGRES_URL', 'MONGODB_URL', 'REDIS_URL']) {
  const own = process.env[`${name}_${worker}`];
  if (own !== undefined) process.env[name] = own;
}
for (const name of Object.keys(process.env)) {
  // Settings of another worker are none that the processes under test would know.
  if (/^(POSTGRES|MONGODB|REDIS)_URL_\d+$/.test(name)) delete process.env[name];
}
