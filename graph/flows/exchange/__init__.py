"""The exchanges between a maintenance system and the passports: reports are taken, answers are told."""
