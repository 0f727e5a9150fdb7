# Stands in for otel/opentelemetry-collector-contrib where it cannot be pulled: no shell, no user names, one program.
FROM scratch
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY otelcol /otelcol-contrib
USER 10001:10001
EXPOSE 4317 4318 55678 55679
ENTRYPOINT ["/otelcol-contrib"]
CMD ["--config", "/etc/otelcol-contrib/config.yaml"]
