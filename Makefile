# The two commands: `make run` opens Solvitur, `make test` checks everything. Both set up what they need.
.PHONY: run test check screenshots benchmarks slow clean

run:
	@scripts/setup.sh
	@scripts/run.sh

test:
	@scripts/setup.sh dev
	@scripts/check.sh

slow:            # the long sweeps over ../shared/data
	@scripts/setup.sh dev
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m slow --timeout 7200

screenshots:     # renews the pictures of the README and the docs
	@scripts/setup.sh dev
	@for look in '' '/dark --dark' '/large --scale 2'; do \
	    QT_QPA_PLATFORM=offscreen .venv/bin/python -m solvitur.gui.screenshots docs/pictures$$look || exit 1; done

benchmarks:      # prints the ratios of "how fast, how big"
	@scripts/setup.sh dev
	@for one in compile_transport read_mps window_start event_loop; do .venv/bin/python benchmarks/$$one.py; done

clean:
	rm -rf .venv out dist
