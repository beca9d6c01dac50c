# A release and the server for it. Build: docker build -t guapai . — run: docker run -p 8000:8000 guapai
# Two stages: the first builds a release from the tables (Java comes as a wheel; owlready2 comes as source with a module in C, for
# which the slim image has no compiler), the second has only what serving needs.
FROM python:3.12-bookworm AS build
WORKDIR /guapai
COPY pyproject.toml requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY kg kg
COPY web web
COPY data data
COPY ontology ontology
COPY README.md LICENSE ./
RUN /venv/bin/pip install --no-cache-dir --no-deps --editable . \
    && /venv/bin/pybabel compile -d web/translations \
    && /venv/bin/guapai build --dist dist

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 guapai
COPY --from=build /venv /venv
COPY --from=build /guapai /guapai
WORKDIR /guapai
USER guapai
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["/venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["/venv/bin/guapai", "serve", "--host", "0.0.0.0", "--port", "8000"]
