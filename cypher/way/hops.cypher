// Fragment: several links of one type in a row, to a thing that has a name in the pattern.
(()«left»[«link»:«types» WHERE «holds»]«right»()){«least»,«most»}(«thing»)
