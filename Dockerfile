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
# As in `npm start`: less memory under load at the same CPU (docs/performance.md).
# Few requests allocate in C at the same time: with two glibc arenas instead of eight per core, less freed memory is
# retained.
ENV NODE_OPTIONS=--max-semi-space-size=16 MALLOC_ARENA_MAX=2
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
