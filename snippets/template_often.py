# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo",
#     "polars>=1.0.0",
#     "prefect>=3.0.0",
# ]
# ///

import marimo

__generated_with = "0.18.4"
app = marimo.App(width="medium")

# ============================================================
# SHARED IMPORTS
# ============================================================

with app.setup:
    from prefect import task, flow
    from prefect.blocks.system import Secret
    import polars as pl
    from pathlib import Path

# ============================================================
# TASKS
# ============================================================

@app.function
@task(retries=2, retry_delay_seconds=30)
def extract(source: str) -> pl.DataFrame:
    """Extract data from source."""
    print(f"Extracting from {source}")
    return pl.read_parquet(source)

@app.function
@task
def transform(df: pl.DataFrame) -> pl.DataFrame:
    """Transform data."""
    return df.filter(pl.col("value") > 0)

@app.function
@task
def load(df: pl.DataFrame, dest: str):
    """Load to destination."""
    df.write_parquet(dest)
    print(f"Loaded {len(df)} rows to {dest}")

# ============================================================
# FLOW
# ============================================================

@app.function
@flow(name="etl-pipeline", log_prints=True)
def run_pipeline(source: str, dest: str) -> dict:
    """Main ETL pipeline."""
    df = extract(source)
    df = transform(df)
    load(df, dest)
    return {"rows": len(df)}

# ============================================================
# INTERACTIVE CELLS (edit mode only)
# ============================================================

@app.cell
def _():
    import marimo as mo
    return (mo,)

@app.cell
def _(mo):
    if mo.app_meta().mode == "edit":
        # Input widgets for testing
        source_input = mo.ui.text(
            value="data/sample.parquet",
            label="Source Path"
        )
        dest_input = mo.ui.text(
            value="data/output.parquet",
            label="Destination Path"
        )
        run_btn = mo.ui.run_button(label="Test Pipeline")
        
        mo.vstack([source_input, dest_input, run_btn])
    return

@app.cell
def _(mo, source_input, dest_input, run_btn):
    if mo.app_meta().mode == "edit" and run_btn.value:
        # Test execution with widget inputs
        result = run_pipeline(
            source=source_input.value,
            dest=dest_input.value
        )
        mo.md(f"**Pipeline completed:** {result}")
    return

# ============================================================
# SCRIPT EXECUTION (production)
# ============================================================

@app.cell
def _(mo):
    if mo.app_meta().mode == "script":
        # Production execution
        run_pipeline(
            source="data/input.parquet",
            dest="data/output.parquet"
        )
    return

if __name__ == "__main__":
    app.run()
