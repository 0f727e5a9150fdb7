# Stands in for haproxy:3.2-alpine where it cannot be pulled: Debian's haproxy, which is older, with the same user, paths
# and entry point, and wget for the health check.
FROM scratch
ADD debian.tar /
ADD haproxy.tar /
COPY busybox /usr/local/bin/wget
RUN groupadd --gid 99 --system haproxy \
  && useradd --uid 99 --gid haproxy --system --no-create-home --home-dir /var/lib/haproxy haproxy \
  && mkdir -p /usr/local/etc/haproxy && ldconfig && haproxy -v
USER haproxy
STOPSIGNAL SIGUSR1
ENTRYPOINT ["/usr/sbin/haproxy"]
CMD ["-f", "/usr/local/etc/haproxy/haproxy.cfg"]
