# The server in an image: docker build -t casement .
# Everything it serves is in /data, or in the PostgreSQL that CASEMENT_DATABASE_URL names.

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
# The caches keep a second build short; what is to stay is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin casement \
    && install -D target/release/casement /out/casement

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin casement \
    && install -d -o casement -g casement /data
COPY --from=build /out/casement /usr/local/bin/casement
COPY LICENSE /usr/share/doc/casement/LICENSE
USER casement
WORKDIR /data
# Set CASEMENT_PUBLIC_URL too: the uris of new objects begin with it and never change afterwards.
ENV CASEMENT_DATA_DIR=/data \
    CASEMENT_ADDR=0.0.0.0:8080 \
    CASEMENT_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
# bash opens the connection itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["casement"]
CMD ["serve"]
