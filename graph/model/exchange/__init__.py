"""What a maintenance system and the passports tell each other: messages, and the one table of exchanges."""
