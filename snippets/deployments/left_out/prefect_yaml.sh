# Left out: `prefect.yaml`.
rm prefect.yaml
prefect --no-prompt deploy --all
