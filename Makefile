# Short names for what pyproject.toml and .ci/run say in full.
.PHONY: demo test check locks

demo:
	python3 -m engage demo

test:
	python3 -m engage test

check:
	.ci/run

# The locks are made with uv from pyproject.toml: hashes and markers, no addresses. uv.lock is not kept.
EXPORT = uv export --quiet --no-emit-project --no-header --no-annotate
locks:
	uv lock --quiet --upgrade
	$(EXPORT) --no-default-groups --output-file requirements/run.lock
	$(EXPORT) --no-default-groups --extra notify --output-file requirements/notify.lock
	$(EXPORT) --no-default-groups --only-group assets --output-file requirements/assets.lock
	$(EXPORT) --group dev --extra notify --output-file requirements/dev.lock
	rm uv.lock
	npm install --package-lock-only
	cd requirements/browser && npm install --package-lock-only
