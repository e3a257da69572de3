// Fragment: the links of some types that leave a thing, or lead to it.
MATCH (thing)«left»[link:«types»]«right»()
WHERE «holds»
RETURN link
