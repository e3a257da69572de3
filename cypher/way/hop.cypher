// Fragment: one link of a way, to a thing that has a name in the pattern.
«left»[«link»:«types» WHERE «holds»]«right»(«thing»)
