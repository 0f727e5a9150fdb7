# Stands in for jaegertracing/jaeger where it cannot be pulled: same user, place and entry point, but without the web UI.
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY jaeger /cmd/jaeger/jaeger-linux
RUN mkdir -p /tmp && chmod 1777 /tmp
EXPOSE 4317 16686
VOLUME ["/tmp"]
ENTRYPOINT ["/cmd/jaeger/jaeger-linux"]
USER 10001
