FROM node:24-slim

ENV NODE_ENV=production HOST=0.0.0.0 MALLOC_ARENA_MAX=1
WORKDIR /app
COPY package.json package-lock.json ./
# --ignore-scripts: nothing of what runs in production needs an install script.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY bin bin
COPY src src
COPY migrations migrations
COPY seeds seeds
RUN mkdir -p data node_modules/.cache && chown node:node data node_modules/.cache
USER node
# What Node strips and compiles at a start is in the image, as a container begins with nothing else.
# This start ends at once, as the address is nobody's. It has the flags of CMD: what is kept is kept for each set of them.
RUN HOST=192.0.2.1 DATABASE_URL=file:/tmp/start.db npm start; rm /tmp/start.db*
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would not hand signals on.
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "--initial-old-space-size=48", "--import", "./bin/quick-start.js", "src/main.ts"]
