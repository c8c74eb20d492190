# The image of Zondarr: the program, its UI and nothing to compile with.
#   docker build -t zondarr .
# docs/install.md shows how to run it.

ARG NODE_IMAGE=docker.io/library/node:24-trixie-slim
ARG PYTHON_IMAGE=docker.io/library/python:3.14-slim-trixie

FROM ${NODE_IMAGE} AS ui
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY scripts/docs-assets ../scripts/
COPY backend/src/zondarr/api/docs/assets ../backend/src/zondarr/api/docs/assets
RUN ../scripts/docs-assets
COPY frontend ./
RUN npm run --silent build

FROM ${PYTHON_IMAGE} AS program
WORKDIR /src
COPY backend/requirements.lock backend/requirements-dev.lock ./
RUN python3 -m venv /opt/zondarr \
 && /opt/zondarr/bin/pip install --no-cache-dir --only-binary :all: --require-hashes \
        --requirement requirements.lock
RUN python3 -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir \
        "$(sed -n 's/^\(uv-build==[^ ;]*\).*/\1/p' requirements-dev.lock)"
COPY backend backend
COPY --from=ui /src/backend/src/zondarr/api/docs/assets backend/src/zondarr/api/docs/assets
COPY --from=ui /src/frontend/build backend/src/zondarr/web
RUN PATH=/opt/build/bin:$PATH pip wheel --no-cache-dir --no-deps --no-build-isolation \
        --wheel-dir /wheels ./backend \
 && /opt/zondarr/bin/pip install --no-cache-dir --no-deps /wheels/zondarr-*.whl \
 && /opt/zondarr/bin/pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Zondarr" \
      org.opencontainers.image.description="Invitations, people and libraries for those who share Plex and Jellyfin servers" \
      org.opencontainers.image.licenses="MIT"
# Numbers, so that an orchestrator can see that this is not root.
RUN groupadd --gid 10001 zondarr \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data zondarr \
 && install --directory --mode 0700 --owner 10001 --group 10001 /data
COPY --from=program /opt/zondarr /opt/zondarr
# The place of the key, no secret:
# hadolint ignore=DL3064
ENV PATH=/opt/zondarr/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    ZONDARR_DATA_DIR=/data \
    SECRET_KEY_FILE=/data/secret-key
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python3", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["zondarr", "serve", "--host", "0.0.0.0"]
