prefect --no-prompt deploy --all --prefect-file wrong_pool.yaml
