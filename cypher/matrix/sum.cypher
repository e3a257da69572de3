// Fragment: in how many rows there is something in one column.
count(CASE WHEN covered[«number»] THEN 1 END)
