/**
 * The subgraph "ratings" as a process that can be told to fail: `node faulty-ratings.mjs PORT` prints its URL, and
 * `PUT /behave/<how>` changes how it answers from then on. Plain JavaScript, so that it is there at once.
 */
import { createServer } from 'node:http';

const PAGE = Buffer.alloc(1_048_576, 'x');
const held = new Set();

const behaviours = {
  well: (response, body) => response.end(answerTo(body)),
  silent: () => {},
  garbage: (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  half: (response, body) => {
    response.writeHead(200, { 'content-length': 10_000 });
    response.write(answerTo(body).slice(0, 20), () => response.destroy());
  },
  otherwise: (response) => response.end('{"data":{"_entities":[7]}}'),
  huge: (response) => flood(response, 500),
  announced: (response) => {
    response.setHeader('content-length', 500 * PAGE.length);
    flood(response, 500);
  },
  large: (response, body) => response.end(answerTo(body, { id: 'x'.repeat(6 * PAGE.length) })),
  hold: (response, body) => held.add(() => response.end(answerTo(body))),
};
let behave = behaviours.well;

const server = createServer(async (request, response) => {
  if (request.method === 'PUT') {
    behave = behaviours[request.url.split('/').at(-1)];
    for (const release of held) release();
    held.clear();
    return response.end();
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  behave(response, JSON.parse(Buffer.concat(chunks).toString()));
});

function answerTo({ variables }, rating = { stars: 4 }) {
  const entities = variables.representations.map(() => ({ ratings: [rating] }));
  return JSON.stringify({ data: { _entities: entities } });
}

/** Never more in memory than the socket takes. */
function flood(response, pages) {
  let left = pages;
  const write = () => {
    while (left-- > 0 && !response.destroyed) if (!response.write(PAGE)) return response.once('drain', write);
    return response.end();
  };
  write();
}

server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/graphql\n`);
});
