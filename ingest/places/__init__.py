"""Places where files are exchanged: a folder, a folder on an SFTP server, a prefix in an S3 bucket.

One small interface, so that what is promised of one is promised of all. Nothing here knows of events.
"""
