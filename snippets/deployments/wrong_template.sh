prefect work-pool create wrong-template --type process > /dev/null
prefect --no-prompt deploy --all --prefect-file wrong_template.yaml > deploy.log
grep "successfully" deploy.log
prefect deployment run report/wrong-template
