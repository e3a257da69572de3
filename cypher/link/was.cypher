// Fragment: a relationship is of some link types; a past belief says itself which it was.
(«link».was IS NULL OR «link».was IN [«types»])
