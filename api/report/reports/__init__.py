"""What each report asks: one file each, a function from what was asked to what the report says."""
