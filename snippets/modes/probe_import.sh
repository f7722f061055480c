python -c "import probe"
