"""Evidence packs: what they hold, how they are written, and the program that checks them (`verify.py`)."""
