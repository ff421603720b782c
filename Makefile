# Everything here needs Python 3.11 or newer and nothing else; launch/bootstrap.sh makes the environment on first use.
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
# What a shell has set up for another project must not reach this one.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
.PHONY: run test check bench bench-mail demo leave-demo shell bench-quotes bench-json environment

run: environment ## The whole site on this machine: PORT=8000, QUOTES=yahoo, DATABASE_URL, REDIS_URL
	@exec $(PYTHON) -m launch.run

test: environment ## The suite on throw-away servers: ARGS="tests/news -k slug"
	@exec $(PYTHON) -m launch.test $(ARGS)

check: environment ## Format, lint, types, templates, migrations and Django's own checks
	@exec $(PYTHON) -m launch.check

bench-mail: environment ## What sending editions costs, and what kills and refusals leave: MAILS=100000, KILLS=30
	@exec $(PYTHON) -m tests.bench.mail

demo: environment ## Refills the demo newsroom
	@exec $(PYTHON) -m launch.manage demo

leave-demo: environment ## Clears the demo and asks for your own publication's name
	@exec $(PYTHON) -m launch.manage leave_demo

shell: environment ## A Python shell on the local site's data
	@exec $(PYTHON) -m launch.manage shell

bench-quotes: environment ## 30 simulated days of the market's clock and of faults: is the strip ever blank or untrue?
	@exec $(PYTHON) -m tests.bench.halves

bench-json: environment ## /quotes.json under 1,000 connections
	@exec $(PYTHON) -m launch.test tests/bench/bench_json.py --quiet --show-capture=no

bench: environment ## The page cache beside nginx; needs wrk and nginx
	@exec $(PYTHON) -m tests.bench.pages

environment:
	@sh launch/bootstrap.sh
