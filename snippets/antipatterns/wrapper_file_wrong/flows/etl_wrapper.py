from notebooks.etl import etl
from prefect import flow


@flow
def wrapper_flow() -> int:
    return etl()


if __name__ == "__main__":
    print(f"{wrapper_flow()} rows")
