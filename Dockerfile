# The portal as one image: web, worker and beat differ only in their command.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.lock ./
# Wheels only, each checked against the lock's hash; nothing is compiled, so no compiler is needed.
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.lock \
    && /venv/bin/pip uninstall --yes pip
COPY . .
# Collecting needs settings that production accepts. This key lives for one command.
RUN PORTAL_MODE=production ALLOWED_HOSTS=build.invalid SITE_URL=https://build.invalid \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf tests

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
# The request carries a host that the portal accepts; /healthz asks the process alone, and is not redirected.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "serportal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--graceful-timeout", "60", "--max-requests", "2000", "--max-requests-jitter", "200", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
