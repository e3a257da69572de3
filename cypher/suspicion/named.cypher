// Fragment: links that a question has found already.
// $links: list of string - their element ids
MATCH ()-[link]->()
WHERE elementId(link) IN $links
