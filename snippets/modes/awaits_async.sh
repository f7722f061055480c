# The same notebook, its cell an async one.
sed 's/^def call/async def call/' awaits.py > one_async_cell.py
python one_async_cell.py
