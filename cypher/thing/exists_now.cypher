// Fragment: a thing exists now; only then does its anchor carry a version.
«anchor».version IS NOT NULL
