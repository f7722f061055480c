# Three runs of the flow are there.
count() { COLUMNS=200 prefect flow-run ls --flow-name orders | grep -c "COMPLETED" || true; }
count

# Remove one, by its id.
id=$(COLUMNS=200 prefect flow-run ls --flow-name orders | grep -oE "[0-9a-f-]{36}" | head -1)
prefect --no-prompt flow-run delete $id | grep -o "Successfully deleted"
count

# Remove those of the flow that ended more than so many days ago.
python remove_old.py orders 90
python remove_old.py orders 0
count
