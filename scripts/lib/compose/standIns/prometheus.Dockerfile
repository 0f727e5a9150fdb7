# Stands in for prom/prometheus where it cannot be pulled: same users, paths, entry point and default arguments.
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY prometheus /bin/
RUN mkdir -p /etc/prometheus /prometheus /tmp && chmod 1777 /tmp \
  && echo 'root:x:0:0:root:/root:/bin/sh' > /etc/passwd && echo 'root:x:0:' > /etc/group \
  && echo 'nobody:x:65534:65534:nobody:/home:/bin/false' >> /etc/passwd && echo 'nobody:x:65534:' >> /etc/group \
  && chown -R nobody:nobody /etc/prometheus /prometheus
USER nobody
EXPOSE 9090
VOLUME ["/prometheus"]
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
