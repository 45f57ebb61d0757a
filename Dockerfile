# Sluice in a container:
#   docker build -t sluice .
#   docker run -p 7181:7181 -v sluice:/var/lib/sluice sluice
# The admin token is in /var/lib/sluice/admin.token, unless SLUICE_ADMIN_TOKEN is given.

FROM debian:12-slim AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /sluice
# A layer of its own, kept while only sources change.
COPY scripts/lib/common.sh scripts/lib/packages.sh scripts/lib/
# hadolint ignore=SC2154
RUN . scripts/lib/packages.sh && install_packages "${build_packages[@]}"
COPY CMakeLists.txt CMakePresets.json main.cpp ./
COPY cmake/ cmake/
COPY migrations/ migrations/
COPY scripts/build scripts/
COPY src/ src/
COPY tests/ tests/
RUN scripts/build release && strip build/release/sluice

FROM debian:12-slim
# Versions are Debian 12's; its security updates are wanted.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install -y --no-install-recommends \
      ca-certificates curl libcpp-httplib0.11 libcurl4 libfmt9 libpugixml1v5 libspdlog1.10 libssl3 zlib1g \
      libbrotli1 libbz2-1.0 libdeflate0 libisal2 liblz4-1 liblzma5 libre2-9 libsnappy1v5 libzstd1 && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --uid 7181 --user-group --no-log-init --home-dir /var/lib/sluice --create-home --shell /usr/sbin/nologin sluice
COPY --from=build /sluice/build/release/sluice /usr/local/bin/sluice
USER 7181
WORKDIR /var/lib/sluice
ENV SLUICE_HOST=0.0.0.0 \
    SLUICE_DATA_DIR=/var/lib/sluice
VOLUME /var/lib/sluice
EXPOSE 7181
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
  CMD ["curl", "-fsS", "http://127.0.0.1:7181/health"]
# The server is process 1 and gets the signals itself; SIGTERM is a clean stop.
ENTRYPOINT ["sluice"]
CMD ["serve"]
