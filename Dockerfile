# One image for gateways, workers and the timer; what it runs is its command (see docker-compose.yml).
# Base images are pinned to exact versions. Pin them to digests as well where your registry tells you them.

FROM node:22.19.0-trixie-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM python:3.13.16-slim-trixie AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/reelgate/.venv
COPY requirements-run.lock /opt/reelgate/
RUN /opt/reelgate/.venv/bin/pip install --require-hashes -r /opt/reelgate/requirements-run.lock
COPY pyproject.toml README.md LICENSE /opt/reelgate/
COPY gateway/ /opt/reelgate/gateway/
COPY workers/ /opt/reelgate/workers/
# Editable, so that the code stays where it was copied, migrations and all.
RUN /opt/reelgate/.venv/bin/pip install --no-deps --no-build-isolation -e /opt/reelgate

FROM python:3.13.16-slim-trixie AS reelgate
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg tesseract-ocr tesseract-ocr-eng \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp reelgate \
    # A new volume takes over the owner of the folder it is mounted on.
    && install -d -o reelgate -g reelgate -m 700 /data /keys
COPY --from=environment /opt/reelgate /opt/reelgate
COPY --from=web /src/web/dist /opt/reelgate/web/dist
ENV PATH=/opt/reelgate/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 REELGATE_DATA_DIR=/data
WORKDIR /opt/reelgate
USER 10001:10001
VOLUME /data /keys
CMD ["python", "-m", "gateway.supervisor.serve"]
