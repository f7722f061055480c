python unseen_changes.py
