// Fragment: how many things there are, whatever the page. Fetches none of them.
COUNT {
  MATCH «path»
  WHERE «conditions»
}
