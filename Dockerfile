FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: the console is built below, once its sources are here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
LABEL org.opencontainers.image.title="Trivium" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
# Less memory under load at the same CPU (docs/performance.md): a young generation as in `npm start`, and an allocator
# that gives freed memory back, which glibc's does not between V8's compilations. Few requests allocate in C at the
# same time, so one arena is enough.
RUN apt-get update && apt-get install -y --no-install-recommends libjemalloc2 && rm -rf /var/lib/apt/lists/*
ENV NODE_OPTIONS=--max-semi-space-size=16 LD_PRELOAD=libjemalloc.so.2
ENV MALLOC_CONF=background_thread:true,narenas:1,tcache_max:4096,dirty_decay_ms:500,muzzy_decay_ms:0
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY config ./config
RUN mkdir data && chown node:node data
# The user `node`, by number, so that Kubernetes can verify that it is not root.
USER 1000:1000
VOLUME /app/data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "dist/main.js", "health"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
