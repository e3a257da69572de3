"""Reports: a neutral document of what the graph answers, and its forms for people and programs.

`document` says what a report is, `catalogue` which there are, `make` makes one, `forms` writes it. What a
report asks is in `reports/`, one file each; the questions themselves are in `graph.store`.
"""
