"""The attack on the course, again: cases as tables, each with the outcome that it must have.

`make test` runs the quick ones, `make attack` all of them and prints a table at the end. Only
pseudo-terminals, the loopback and programs that a case started itself are touched.
"""
