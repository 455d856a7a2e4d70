# Atrium's API and worker; which of the two is the command's choice.

FROM python:3.12-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/atrium \
 && /opt/atrium/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home atrium \
 && install --directory --owner atrium --mode 0700 /var/lib/atrium
COPY --from=packages /opt/atrium /opt/atrium

WORKDIR /srv/atrium
COPY pyproject.toml .
COPY atrium atrium
COPY auth auth
COPY execution execution
COPY graphql graphql
COPY models models
COPY resolvers resolvers
COPY schema schema
COPY search search
COPY subscriptions subscriptions
RUN python -m compileall -q .

USER atrium
ENV PATH=/opt/atrium/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ATRIUM_MODE=production \
    ATRIUM_HOST=0.0.0.0 \
    ATRIUM_PORT=8000 \
    ATRIUM_DATA_DIR=/var/lib/atrium \
    ATRIUM_LOG_FORMAT=json
VOLUME /var/lib/atrium
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "atrium"]
CMD ["serve"]
