# One image for every process of Souk; the command says which one. docker-compose.yml has them all.
#   docker build -t souk .
#   docker run -p 4000:4000 -v souk:/data souk          the whole supergraph in one process

FROM node:20-bookworm-slim AS build
WORKDIR /souk
# Manifests first, so that a change of code does not install anew.
COPY package.json package-lock.json ./
COPY packages/client/package.json packages/client/
COPY packages/kit/package.json packages/kit/
COPY packages/embedded/package.json packages/embedded/
COPY packages/schema-review/package.json packages/schema-review/
COPY router/package.json router/
COPY subgraphs/accounts/package.json subgraphs/accounts/
COPY subgraphs/catalog/package.json subgraphs/catalog/
COPY subgraphs/reviews/package.json subgraphs/reviews/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node build.mjs --quiet --with-template \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /souk
RUN mkdir /data && chown node:node /data
# Owned by root: the process that serves strangers cannot change its own code.
COPY --from=build /souk/package.json /souk/settings.json ./
COPY --from=build /souk/node_modules node_modules
COPY --from=build /souk/packages packages
COPY --from=build /souk/router router
COPY --from=build /souk/subgraphs subgraphs
COPY --from=build /souk/schema schema
COPY --from=build /souk/start start
USER node
ENV HOST=0.0.0.0 PORT=4000 SOUK_DATA_DIR=/data
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "start/dist/main.js"]
