# syntax=docker/dockerfile:1
# Each RUN is one plain command, so that test/e2e/dockerfile.test.ts can run the build step by step without an engine.
# hadolint ignore=DL3006
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="plumbline" \
      org.opencontainers.image.description="Streaming quality monitor for LLM products" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
ENV NODE_ENV=production
# glibc keeps what was freed: fetched batches come and go, and each of its arenas grows to the largest it has seen. With
# these settings large buffers go back at once; docs/capacity.md has the figures.
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY schemas ./schemas
COPY examples ./examples
COPY dashboards/generated ./dashboards/generated
# Nothing is written below /app: the container runs with a read-only root; data goes to /data and /tmp.
VOLUME ["/data", "/tmp"]
USER 65532:65532
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:9464/healthz', r => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# node is PID 1 and gets SIGTERM itself; npm would swallow it. V8 takes 16 MB for young objects and a copy of them while it
# starts and keeps both; with 8 an idle process is 15 MB smaller, and what a record costs stays within the noise of the bench.
ENTRYPOINT ["node", "--disable-proto=delete", "--max-semi-space-size=8", "dist/main.js"]
CMD ["run", "--config", "/etc/plumbline/plumbline.yaml"]
