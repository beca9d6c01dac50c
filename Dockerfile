# A release and the server for it. Build: docker build -t guapai . — run: docker run -p 8000:8000 guapai
# Three stages: browser libraries and outlines of maps; a release from the tables (Java comes as a wheel; owlready2 comes as source
# with a module in C, for which the slim image has no compiler); the server, with neither Java nor compiler.
FROM node:24-bookworm-slim AS browser
WORKDIR /guapai
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-bookworm AS build
WORKDIR /guapai
COPY pyproject.toml requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=browser /guapai/node_modules node_modules
COPY kg kg
COPY web web
COPY data data
COPY ontology ontology
RUN /venv/bin/pybabel compile -d web/translations && /venv/bin/python -m kg build --dist dist

FROM python:3.12-slim-bookworm
WORKDIR /guapai
COPY requirements-serve.lock LICENSE ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-serve.lock
COPY --from=build /guapai/kg kg
COPY --from=build /guapai/web web
COPY --from=build /guapai/dist dist
COPY --from=browser /guapai/node_modules node_modules
RUN useradd --system --uid 10001 guapai
USER guapai
EXPOSE 8000
ENV PYTHONPATH=/guapai
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["/venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["/venv/bin/python", "-m", "kg", "serve", "--host", "0.0.0.0", "--port", "8000"]
