# Stands in for prom/alertmanager where it cannot be pulled: same users, paths, entry point and default arguments.
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY alertmanager amtool /bin/
RUN mkdir -p /etc/alertmanager /alertmanager /tmp && chmod 1777 /tmp \
  && echo 'root:x:0:0:root:/root:/bin/sh' > /etc/passwd && echo 'root:x:0:' > /etc/group \
  && echo 'nobody:x:65534:65534:nobody:/home:/bin/false' >> /etc/passwd && echo 'nobody:x:65534:' >> /etc/group \
  && chown -R nobody:nobody /etc/alertmanager /alertmanager
USER nobody
EXPOSE 9093
VOLUME ["/alertmanager"]
WORKDIR /alertmanager
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
