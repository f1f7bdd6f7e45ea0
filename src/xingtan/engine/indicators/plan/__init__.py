"""The nodes of a plan, one a file. Each gives the exact value of one cell and the doubles of all cells; both mean the same."""
