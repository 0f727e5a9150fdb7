# Stands in for node:24-bookworm-slim where it cannot be pulled: Debian's minimal system, Node, npm, the user `node`.
FROM scratch
ADD debian.tar /
COPY node /usr/local/bin/node
ADD npm.tgz /usr/local/lib/node_modules/
# npm takes its certificates from a file: behind a proxy with an authority of its own, nothing else knows that one.
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN mv /usr/local/lib/node_modules/package /usr/local/lib/node_modules/npm \
  && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
  && chmod +x /usr/local/lib/node_modules/npm/bin/*-cli.js \
  && mkdir -p /usr/local/etc && echo 'cafile=/etc/ssl/certs/ca-certificates.crt' > /usr/local/etc/npmrc \
  && groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
CMD ["node"]
